using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Aircall;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary><c>/api/telephony/aircall</c>: where Aircall sends its events, and the tokens by which it may.</summary>
internal static class AircallEndpoints
{
    private const string What = "The telephony system's tokens";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/telephony/aircall", TakeAsync).OpenToAll("The token in the body is the credential.")
            .WithMetadata(new BodyLimit()).DescribesBody(typeof(AircallBody), "application/json").Produces(200).WithTags("Telephony")
            .WithName("TakeAircallEvent").WithSummary("Takes an event of Aircall's; it is on disk when this answers.");
        // Not repeatable by Idempotency-Key: an answer that is kept for that would keep the token in plain text.
        var tokens = routes.MapGroup("/api/telephony/aircall/tokens").WithTags("Telephony").RequirePermission(Permissions.TelephonyManage);
        tokens.MapPost("", CreateAsync).Produces<MadeAircallToken>(201)
            .WithName("CreateAircallToken").WithSummary("A token for Aircall's webhook, shown once; several count, so that one can be replaced without a gap.");
        tokens.MapGet("", ListAsync).Produces<AircallTokenList>()
            .WithName("ListAircallTokens").WithSummary("The tokens, without what they are.");
        tokens.MapDelete("/{id:guid}", DeleteAsync).Produces(204)
            .WithName("DeleteAircallToken").WithSummary("Withdraws a token: events that carry it are refused from here on.");
    }

    private static async Task<IResult> TakeAsync(HttpContext http, AircallTokens tokens, AircallIntake intake, TimeProvider time)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var envelope = AircallEnvelope.Read(body);
        if (!envelope.Succeeded)
        {
            return ProblemAnswers.From(envelope.Error);
        }

        if (await tokens.FindAsync(envelope.Value.Token, http.RequestAborted) is not { } token)
        {
            return ProblemAnswers.Unauthorized("The token is none of those that were made for Aircall.");
        }

        var context = RequestOrigin.Context(http, new Actor(ActorKind.Feed, token.Id, token.Name), time);
        return await intake.TakeAsync(envelope.Value, AircallEnvelope.Redacted(body)!, context, http.RequestAborted) is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok();
    }

    private static async Task<IResult> CreateAsync(NewAircallToken body, HttpContext http, AircallTokens tokens, TimeProvider time)
    {
        var faults = new FieldFaults().Text("name", body.Name, 1..100);
        if (body.Token is not null)
        {
            faults.Text("token", body.Token, 16..200);
        }

        if (((Error?)BusinessEntityScope.RefuseLimited(Caller.Of(http), What) ?? faults.Invalid) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var text = body.Token ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var made = await tokens.CreateAsync(PlainText.Tidy(body.Name!), body.BusinessEntity, text, RequestOrigin.Context(http, time));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/telephony/aircall/tokens/{made.Id}", new MadeAircallToken(made.Id, text));
    }

    private static async Task<IResult> ListAsync(HttpContext http, AircallTokens tokens) =>
        BusinessEntityScope.RefuseLimited(Caller.Of(http), What) is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok(new AircallTokenList(await tokens.ListAsync(http.RequestAborted), null));

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, AircallTokens tokens, TimeProvider time) =>
        BusinessEntityScope.RefuseLimited(Caller.Of(http), What) is { } refusal ? ProblemAnswers.From(refusal)
            : await tokens.DeleteAsync(id, RequestOrigin.Context(http, time), http.RequestAborted) ? TypedResults.NoContent()
            : ProblemAnswers.From(new NotFound(AircallTokens.Table, id.ToString()));

    // A call with many long comments has megabytes.
    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 8 * 1024 * 1024;
    }

    /// <summary>What Aircall sends, for the description; it is read past this type.</summary>
    private sealed record AircallBody(string Resource, string Event, long Timestamp, string Token, JsonElement Data);
}
