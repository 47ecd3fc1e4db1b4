using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Aircall;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary><c>/api/telephony/aircall</c>: where Aircall sends its events, and the tokens by which it may.</summary>
internal static class AircallEndpoints
{
    private const string What = "The telephony system's tokens";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // A call with many long comments has megabytes.
        routes.MapPost("/api/telephony/aircall", TakeAsync).OpenToAll("The token in the body is the credential.").DescribesRefusals(401)
            .WithMetadata(new BodyLimit(8 * 1024 * 1024)).DescribesBody(typeof(AircallBody), "application/json").Produces(200).WithTags("Telephony")
            .WithName("TakeAircallEvent").WithSummary("Takes an event of Aircall's; it is on disk when this answers.");
        // Numbers in proxy mode put no token into their callbacks.
        routes.MapPost("/api/telephony/aircall/callback/{token}", TakeAsync).OpenToAll("The token in the address is the credential.").DescribesRefusals(401)
            .WithMetadata(new BodyLimit(8 * 1024 * 1024), new SecretInPath()).DescribesBody(typeof(AircallCallback), "application/json").Produces(200).WithTags("Telephony")
            .WithName("TakeAircallCallback").WithSummary("Takes a text message as Aircall tells it of a number in proxy mode; it is on disk when this answers.");
        var tokens = routes.MapGroup("/api/telephony/aircall/tokens").WithTags("Telephony").RequirePermission(Permissions.TelephonyManage);
        tokens.MapPost("", CreateAsync).RepeatableWithSecret().Produces<MadeAircallToken>(201)
            .WithName("CreateAircallToken").WithSummary("A token for Aircall's webhook, shown once; several count, so that one can be replaced without a gap.");
        tokens.MapGet("", ListAsync).Produces<AircallTokenList>()
            .WithName("ListAircallTokens").WithSummary("The tokens, without what they are.");
        tokens.MapDelete("/{id:guid}", DeleteAsync).Produces(204)
            .WithName("DeleteAircallToken").WithSummary("Withdraws a token: events that carry it are refused from here on.");
    }

    private static async Task<IResult> TakeAsync(HttpContext http, AircallTokens tokens, AircallIntake intake, TimeProvider time, string? token = null)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var envelope = AircallEnvelope.Read(body, token, time.GetUtcNow());
        if (!envelope.Succeeded)
        {
            return ProblemAnswers.From(envelope.Error);
        }

        if (await tokens.FindAsync(envelope.Value.Token) is not { } known)
        {
            return ProblemAnswers.Unauthorized("The token is none of those that were made for Aircall.");
        }

        var context = RequestOrigin.Context(http, new Actor(ActorKind.Feed, known.Id, known.Name), time);
        return await intake.TakeAsync(envelope.Value, AircallEnvelope.Redacted(envelope.Value.Whole), context, http.RequestAborted) is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok();
    }

    private static async Task<IResult> CreateAsync(NewAircallToken body, HttpContext http, AircallTokens tokens, RepeatableSecrets secrets, TimeProvider time)
    {
        var faults = new FieldFaults().Text("name", body.Name, 1..100);
        if (body.Token is not null)
        {
            faults.Text("token", body.Token, 16..200);
        }

        var context = CommandRequest.Context(http, time);
        if ((BusinessEntityScope.RefuseLimited(Caller.Of(http), What) ?? faults.Invalid ?? context.Error) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var id = CommandRequest.NewId(context.Value!, time);
        var text = body.Token ?? Base64Url.EncodeToString(secrets.Make(AircallTokens.Table, id, CommandRequest.RepetitionOf(http)));
        return await tokens.CreateAsync(id, PlainText.Tidy(body.Name!), body.BusinessEntity, text, context.Value!) is { } refused
            ? ProblemAnswers.From(refused)
            : TypedResults.Created($"/api/telephony/aircall/tokens/{id}", new MadeAircallToken(id, text));
    }

    private static async Task<IResult> ListAsync(HttpContext http, AircallTokens tokens) =>
        BusinessEntityScope.RefuseLimited(Caller.Of(http), What) is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok(new AircallTokenList(await tokens.ListAsync(), null));

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, AircallTokens tokens, TimeProvider time) =>
        BusinessEntityScope.RefuseLimited(Caller.Of(http), What) is { } refusal ? ProblemAnswers.From(refusal)
            : await tokens.DeleteAsync(id, RequestOrigin.Context(http, time)) ? TypedResults.NoContent()
            : ProblemAnswers.From(new NotFound(AircallTokens.Table, id.ToString()));

    /// <summary>What Aircall sends, for the description; it is read past this type.</summary>
    private sealed record AircallCallback([property: JsonPropertyName("event_name")] string EventName, long Timestamp, JsonElement Data);

    /// <inheritdoc cref="AircallCallback"/>
    private sealed record AircallBody(string Resource, string Event, long Timestamp, string Token, JsonElement Data);
}
