using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary>Where Meta and Twilio send what came in and what became of ours. Their signature, over what they sent, is the credential.</summary>
internal static class ProviderEndpoints
{
    private const long Largest = 4L * 1024 * 1024;
    private const string Credential = "The provider's signature is the credential.";

    public static void Map(RouteGroupBuilder messages)
    {
        messages.MapGet("/inbound/whatsapp", VerifyAsync).OpenToAll("The verify token in the query is the credential.").DescribesRefusals(403).TakesAnyQuery().Produces<string>(200, "text/plain")
            .WithName("VerifyWhatsapp").WithSummary("Answers Meta's question whether this address is ours.");
        messages.MapPost("/inbound/whatsapp", TakeWhatsappAsync).OpenToAll(Credential).DescribesRefusals(401).WithMetadata(new BodyLimit(Largest)).TakesAnyQuery()
            .DescribesBody(typeof(object), "application/json").Produces(200)
            .WithName("TakeWhatsapp").WithSummary("Takes WhatsApp messages and delivery states; they are on disk when this answers.");
        messages.MapPost("/inbound/sms", (HttpContext http, ChannelIntake intake, IOptions<MessageProviderOptions> options, TimeProvider time) =>
                TakeTwilioAsync("twilio", http, intake, options.Value, time))
            .OpenToAll(Credential).DescribesRefusals(401).WithMetadata(new BodyLimit(Largest)).TakesAnyQuery().DescribesBody(typeof(object), "application/x-www-form-urlencoded").Produces(200)
            .WithName("TakeSms").WithSummary("Takes a text message; it is on disk when this answers.");
        messages.MapPost("/status/sms", (HttpContext http, ChannelIntake intake, IOptions<MessageProviderOptions> options, TimeProvider time) =>
                TakeTwilioAsync("twilio-status", http, intake, options.Value, time))
            .OpenToAll(Credential).DescribesRefusals(401).WithMetadata(new BodyLimit(Largest)).TakesAnyQuery().DescribesBody(typeof(object), "application/x-www-form-urlencoded").Produces(200)
            .WithName("TakeSmsStatus").WithSummary("Takes what became of a text message of ours.");
        messages.MapPost("/status/whatsapp", TakeWhatsappStatusAsync).OpenToAll(Credential).DescribesRefusals(401).WithMetadata(new BodyLimit(Largest)).TakesAnyQuery()
            .DescribesBody(typeof(object), "application/json", "application/x-www-form-urlencoded").Produces(200)
            .WithName("TakeWhatsappStatus").WithSummary("Takes what became of a WhatsApp message of ours, in Meta's format or as Twilio's form.");
        messages.MapPost("/status/email", TakeMailStatusAsync).RequirePermission(Permissions.MessagesReceive).WithMetadata(new BodyLimit(Largest))
            .TakesQuery(new QueryParameter("provider", $"whose report it is: {string.Join(", ", MailStatuses.Services)}"))
            .DescribesBody(typeof(object), "application/json").Produces(200)
            .TakesKeyAsPassword().WithName("TakeMailStatus").WithSummary("Takes what a mail service says became of mails of ours; it is on disk when this answers.");
    }

    private static Task<IResult> TakeWhatsappStatusAsync(HttpContext http, ChannelIntake intake, IOptions<MessageProviderOptions> options, TimeProvider time) =>
        http.Request.HasFormContentType
            ? TakeTwilioAsync("twilio-status", http, intake, options.Value, time, ChannelType.Whatsapp)
            : TakeWhatsappAsync(http, intake, options, time);

    private static async Task<IResult> TakeMailStatusAsync(HttpContext http, ChannelIntake intake, TimeProvider time)
    {
        if (BusinessEntityScope.RefuseLimited(Caller.Of(http), "What became of messages") is { } limited)
        {
            return ProblemAnswers.From(limited);
        }

        var service = QueryParameters.Of(http).Text("provider");
        var body = await InboundEndpoints.BodyAsync(http);
        if (MailStatuses.Read(service, body, time.GetUtcNow()) is { Succeeded: false } unread)
        {
            return ProblemAnswers.From(unread.Error);
        }

        await intake.KeepAsync(
            ChannelType.Email, ChannelIntake.MailStatusOf(service!), http.Request.ContentType, body, RequestOrigin.Context(http, time));
        return TypedResults.Ok();
    }

    private static IResult VerifyAsync(HttpContext http, IOptions<MessageProviderOptions> options)
    {
        var query = http.Request.Query;
        var answer = WhatsappWebhook.Challenge(query["hub.mode"], query["hub.verify_token"], query["hub.challenge"], options.Value.VerifyTokens);
        return answer is null ? ProblemAnswers.Forbidden("The verify token is none of those that are configured.") : TypedResults.Text(answer, "text/plain");
    }

    private static async Task<IResult> TakeWhatsappAsync(HttpContext http, ChannelIntake intake, IOptions<MessageProviderOptions> options, TimeProvider time)
    {
        // Over the bytes as they came: a body that was read and written again has another signature.
        var body = await InboundEndpoints.BodyAsync(http);
        if (!Signatures.IsMetas(http.Request.Headers["X-Hub-Signature-256"], body.Span, options.Value.Secrets))
        {
            return ProblemAnswers.Unauthorized("X-Hub-Signature-256 is not that of the body by a secret that is configured.");
        }

        if (WhatsappWebhook.Read(body) is { Succeeded: false } unread)
        {
            return ProblemAnswers.From(unread.Error);
        }

        await intake.KeepAsync(ChannelType.Whatsapp, "meta", http.Request.ContentType, body, Feed(http, "meta", time));
        return TypedResults.Ok();
    }

    private static async Task<IResult> TakeTwilioAsync(
        string provider, HttpContext http, ChannelIntake intake, MessageProviderOptions options, TimeProvider time, ChannelType channel = ChannelType.Sms)
    {
        var body = await InboundEndpoints.BodyAsync(http);
        IReadOnlyList<KeyValuePair<string, string>> form;
        try
        {
            form = ChannelIntake.FormOf(body);
        }
        catch (InvalidDataException)
        {
            return ProblemAnswers.From(Invalid.Field("body", "must be a form of a sane size"));
        }

        var path = $"{http.Request.Path}{http.Request.QueryString}";
        string[] addresses = [$"{options.PublicAddress.TrimEnd('/')}{path}", $"{http.Request.Scheme}://{http.Request.Host}{path}"];
        if (!TwilioSignature.IsValid(http.Request.Headers["X-Twilio-Signature"], addresses, form, options.AuthTokens))
        {
            return ProblemAnswers.Unauthorized("X-Twilio-Signature is not that of the form by a token that is configured.");
        }

        var fault = provider == "twilio" ? TwilioMessages.ReadMessage(form).Error : TwilioMessages.ReadStatus(form, time.GetUtcNow()).Error;
        if (fault is not null)
        {
            return ProblemAnswers.From(fault);
        }

        var isWhatsapp = provider == "twilio" && TwilioMessages.ReadMessage(form).Value!.Channel == ChannelType.Whatsapp;
        await intake.KeepAsync(
            isWhatsapp ? ChannelType.Whatsapp : channel, provider, http.Request.ContentType, body, Feed(http, "twilio", time));
        // Twilio sends what an answer says: this one says nothing.
        return TypedResults.Text("<Response/>", "text/xml");
    }

    private static CommandContext Feed(HttpContext http, string name, TimeProvider time) =>
        RequestOrigin.Context(http, new Actor(ActorKind.Feed, null, name), time);
}
