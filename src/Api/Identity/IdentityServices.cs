using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity.Accounts;
using ChargeCars.Api.Identity.Preferences;
using ChargeCars.Api.Identity.Roles;
using ChargeCars.Api.Identity.Sessions;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Secrets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>Who may do what: registration, start and endpoints.</summary>
public static class IdentityServices
{
    /// <summary>
    /// Adds credentials, permissions and the guard. Needs an <see cref="NpgsqlDataSource"/>, a
    /// <see cref="ChargeCars.Platform.Storage.GroupCommit"/> and <see cref="SecretServices.AddSecrets"/>,
    /// <see cref="ChargeCars.Identity.Accounts.AccountServices.AddAccounts"/>, a notification sender and the grains; the host calls <see cref="PrepareAccessAsync"/> before it serves, and
    /// <c>UseAuthentication</c> and <c>UseAuthorization</c> after routing.
    /// </summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietRequestLog>();
        services.AddSingleton<IStartupFilter, PermissionGuard>();
        services.AddSingleton<KeyUse>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUse>());
        services.AddSingleton<ApiKeyDirectory>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<AccessNews>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessNews>());
        services.AddSingleton<RepeatableSecrets>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<VisitScope>();
        AddSessions(services, configuration);
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<SigningKeyRotation>();
        services.AddSingleton<AccessTokens>();
        services.TryAddSingleton<Refusals>();
        services.AddSingleton<FailedCredentials>();
        services.AddSingleton<RefusedCredentials>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusedCredentials>());
        services.TryAddSingleton(typeof(EntityQueries<,,>));
        services.AddSingleton<RoleDirectory>();
        services.AddSingleton<UserList>();
        services.AddSingleton<SharedViews>();
        services.AddSingleton<UserAuthority>();
        services.AddSingleton<SignInAddress>();
        services.AddSingleton<UserChanges>();
        services.AddSingleton<PasswordLogin>();
        services.AddSingleton<AccountMail>();
        services.AddHostedService(provider => provider.GetRequiredService<AccountMail>());
        services.AddSingleton(provider => new FirstAdministrator(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<Passwords>(), configuration,
            provider.GetRequiredService<TimeProvider>()));
        AddAuthentication(services);
        AddAuthorization(services);
        return services;
    }

    /// <summary>Makes the signing key and the first administrator where there are none; after the migrations, before serving.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="dataDirectory">Where <c>first-admin.txt</c> goes.</param>
    /// <param name="console">Where a random password is shown.</param>
    /// <param name="cancellation">Ends the wait for another host that does the same.</param>
    /// <exception cref="ChargeCars.Platform.Storage.StartupException">The configuration of the first administrator can't be meant.</exception>
    public static async Task PrepareAccessAsync(
        this IServiceProvider services, string dataDirectory, TextWriter console, CancellationToken cancellation)
    {
        await services.GetRequiredService<SigningKeys>().EnsureAsync(cancellation);
        await services.GetRequiredService<FirstAdministrator>().EnsureAsync(dataDirectory, console, cancellation);
    }

    /// <summary>Maps <c>/api/auth</c>, <c>/api/me</c>, <c>/api/api-keys</c> and <c>/api/permissions</c>.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        LoginEndpoints.Map(routes);
        PasswordEndpoints.Map(routes);
        TwoFactorEndpoints.Map(routes);
        SessionEndpoints.Map(routes);
        UserEndpoints.Map(routes);
        RoleEndpoints.Map(routes);
        ApiKeyEndpoints.Map(routes);
        DashboardAccess.Map(routes);
        PreferenceEndpoints.Map(routes);
    }

    private static void AddSessions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptions.Validator>();
        services.AddOptions<SessionOptions>().Bind(configuration.GetSection(SessionOptions.Section)).ValidateOnStart();
        services.AddSingleton<SessionUse>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionUse>());
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<CallerCheck>();
    }

    private static void AddAuthentication(IServiceCollection services)
    {
        // Keys are asked first, as programs and feeds call most, and hand on what is no key's.
        services.AddAuthentication(Credentials.KeyScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(Credentials.KeyScheme, null, options =>
                options.ForwardDefaultSelector = http => Credentials.Of(http.Request).Scheme)
            .AddJwtBearer(Credentials.BearerScheme);
        services.AddOptions<JwtBearerOptions>(Credentials.BearerScheme)
            .Configure<AccessTokens>((options, tokens) => tokens.Configure(options));
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, PermissionRequirementHandler>();
        services.AddSingleton<IAuthorizationHandler, NothingStatedRequirementHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
        services.AddAuthorization(options =>
        {
            foreach (var permission in Permissions.All)
            {
                options.AddPolicy(permission, policy => policy.AddRequirements(new PermissionRequirement(permission)));
            }

            options.AddPolicy(SignedIn.Policy, policy => policy.RequireAuthenticatedUser());
            options.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new NothingStatedRequirement()).Build();
        });
    }
}
