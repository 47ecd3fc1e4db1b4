using ChargeCars.Api.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Identity.Preferences;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity.Preferences;

/// <summary><c>/api/me</c>: what a person has set of the screen, and what colleagues share. It is by the account, so a program has none.</summary>
internal static class PreferenceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/api/me").WithTags("Preferences");
        me.MapGet("/preferences", GetAsync).RequireSignedIn().Produces<PreferencesView>()
            .WithName("GetPreferences").WithSummary("What I have set of the screen; version 0 while I have set nothing.");
        me.MapPut("/preferences", PutAsync).RequireSignedIn().Produces<PreferencesView>()
            .WithName("SetPreferences").WithSummary("Sets all of it (If-Match of the version that was read).");
        me.MapGet("/shared-views", SharedAsync).RequireSignedIn().Produces<SharedViewList>()
            .WithName("ListSharedViews").WithSummary("The saved views that colleagues share.");
    }

    private static async Task<IResult> GetAsync(HttpContext http, IGrainFactory grains) => PasswordEndpoints.AccountOf(http) is { } id
        ? Answer(http, await FindAsync(grains, id))
        : PasswordEndpoints.NoAccount();

    private static async Task<IResult> PutAsync(UserPreferencesDetails body, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        if (PasswordEndpoints.AccountOf(http) is not { } id)
        {
            return PasswordEndpoints.NoAccount();
        }

        var context = CommandRequest.Context(http, time, versionRequired: true);
        if ((context.Error ?? RefuseSharing(body, Caller.Of(http))) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var known = await grains.GetGrain<IEntityGrain<UserPreferences>>(id).GetAsync();
        EntityCommand<UserPreferences> command = known.Succeeded
            ? new Revise<UserPreferences, UserPreferencesDetails>(body)
            : new Create<UserPreferences, UserPreferencesDetails>(body);
        // Version 0 is that of nothing, as it was read; any other was there once, or never.
        if (!known.Succeeded && context.Value!.ExpectedVersion is > 0 and var expected)
        {
            return ProblemAnswers.From(new StaleVersion(expected, 0));
        }

        return Answer(http, await grains.GetGrain<IEntityGrain<UserPreferences>>(id).ExecuteAsync(command, context.Value!));
    }

    private static async Task<IResult> SharedAsync(HttpContext http, SharedViews views) =>
        PasswordEndpoints.AccountOf(http) is not { } id ? PasswordEndpoints.NoAccount()
        : TypedResults.Ok(SharedViews.ArePartOf(Caller.Of(http)) ? await views.ReadAsync(id, http.RequestAborted) : new([]));

    // What is not there yet is as the screen has it.
    private static async Task<Result<UserPreferences>> FindAsync(IGrainFactory grains, Guid id)
    {
        var found = await grains.GetGrain<IEntityGrain<UserPreferences>>(id).GetAsync();
        return found.Error is NotFound ? new UserPreferences { Id = id } : found;
    }

    private static Invalid? RefuseSharing(UserPreferencesDetails body, Caller caller) =>
        body.Views.Select((view, i) => (view, i)).FirstOrDefault(one => one.view?.IsShared == true) is { view: not null, i: var index } && !SharedViews.ArePartOf(caller)
            ? Invalid.Field($"views[{index}].isShared", "can't be set by who sees a part of the company")
            : null;

    private static IResult Answer(HttpContext http, Result<UserPreferences> result)
    {
        if (!result.Succeeded)
        {
            return ProblemAnswers.From(result.Error);
        }

        http.SetVersion(result.Value.Version);
        return TypedResults.Ok(PreferencesView.Of(result.Value));
    }

    /// <summary>What a person has set of the screen.</summary>
    /// <param name="Id">The account.</param>
    /// <param name="Version">0 while nothing was set.</param>
    /// <param name="CreatedAt">When something was set first, UTC; null while nothing was.</param>
    /// <param name="UpdatedAt">When it was set last, UTC; null while nothing was.</param>
    public sealed record PreferencesView(Guid Id, long Version, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt) : UserPreferencesDetails
    {
        internal static PreferencesView Of(UserPreferences kept) => new(
            kept.Id, kept.Version, kept.Version == 0 ? null : kept.CreatedAt, kept.Version == 0 ? null : kept.UpdatedAt)
        {
            Views = kept.Views, Folds = kept.Folds, Sound = kept.Sound,
        };
    }
}
