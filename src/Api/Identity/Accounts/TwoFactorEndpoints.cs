using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity.Sessions;
using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>What an authenticator app is set up with; shown once.</summary>
/// <param name="Secret">The key, base32.</param>
/// <param name="Uri">As an <c>otpauth:</c> address.</param>
/// <param name="QrCode">That address as a QR code, SVG.</param>
public sealed record TwoFactorSetupAnswer(string Secret, string Uri, string QrCode);

/// <summary>The body of <c>POST /api/auth/two-factor/enable</c> and <c>/disable</c>: both factors.</summary>
/// <param name="Password">The account's.</param>
/// <param name="Code">The authenticator's current code; to disable, or a recovery code.</param>
public sealed record BothFactors(string? Password, string? Code);

/// <summary>Codes that stand in for the authenticator, each once; shown once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary><c>/api/auth/two-factor/{setup|enable|disable}</c></summary>
internal static class TwoFactorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var factor = routes.MapGroup("/api/auth/two-factor").WithTags("Authentication").RequireSignedIn();
        factor.MapPost("/setup", SetUpAsync).Produces<TwoFactorSetupAnswer>().WithName("SetUpTwoFactor").WithSummary("A new authenticator key.");
        factor.MapPost("/enable", EnableAsync).Produces<RecoveryCodes>().WithName("EnableTwoFactor").WithSummary("Asks for codes from now on.");
        factor.MapPost("/disable", DisableAsync).Produces(204).WithName("DisableTwoFactor").WithSummary("Asks for codes no more.");
    }

    private static async Task<IResult> SetUpAsync(HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        if (PasswordEndpoints.AccountOf(http) is not { } id)
        {
            return PasswordEndpoints.NoAccount();
        }

        http.Response.Headers.CacheControl = "no-store";
        var setup = await grains.GetGrain<IUserAccountGrain>(id).SetUpTwoFactorAsync(Caller.Of(http).Actor.Name, RequestOrigin.Context(http, time));
        return setup.Succeeded
            ? TypedResults.Ok(new TwoFactorSetupAnswer(setup.Value.Secret.Text, setup.Value.Uri.Text, QrCodeOf(setup.Value.Uri.Text)))
            : ProblemAnswers.From(setup.Error);
    }

    private static async Task<IResult> EnableAsync(
        BothFactors request, HttpContext http, IGrainFactory grains, SessionDirectory sessions, TimeProvider time)
    {
        if (Fault(request) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        if (PasswordEndpoints.AccountOf(http) is not { } id)
        {
            return PasswordEndpoints.NoAccount();
        }

        http.Response.Headers.CacheControl = "no-store";
        var codes = await grains.GetGrain<IUserAccountGrain>(id).EnableTwoFactorAsync(
            request.Password!, request.Code!, await PasswordEndpoints.SessionAddressAsync(http, sessions), RequestOrigin.Context(http, time));
        return codes.Succeeded ? TypedResults.Ok(new RecoveryCodes([.. codes.Value.Select(code => code.Text)])) : ProblemAnswers.From(codes.Error);
    }

    private static async Task<IResult> DisableAsync(
        BothFactors request, HttpContext http, IGrainFactory grains, SessionDirectory sessions, TimeProvider time)
    {
        if (Fault(request) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        if (PasswordEndpoints.AccountOf(http) is not { } id)
        {
            return PasswordEndpoints.NoAccount();
        }

        var outcome = await grains.GetGrain<IUserAccountGrain>(id).DisableTwoFactorAsync(
            request.Password!, request.Code!, await PasswordEndpoints.SessionAddressAsync(http, sessions), RequestOrigin.Context(http, time));
        return outcome.Succeeded ? TypedResults.NoContent() : ProblemAnswers.From(outcome.Error);
    }

    private static Invalid? Fault(BothFactors factors) =>
        new RequestFields().Text("password", factors.Password, RequestFields.LongestPassword).Text("code", factors.Code, 100).Fault;

    private static string QrCodeOf(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(4);
    }
}
