using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary><c>/api/messages/inbound</c>: where messages come in.</summary>
internal static class InboundEndpoints
{
    // A mail with photos is 10 to 35 MB; a service that takes it apart writes files as base64.
    private const long LargestMail = 40L * 1024 * 1024;

    public static void Map(RouteGroupBuilder messages)
    {
        messages.MapPost("/inbound/email", TakeMailAsync).RequirePermission(Permissions.MessagesReceive).WithMetadata(new BodyLimit(LargestMail))
            .TakesQuery(new QueryParameter("provider", "postmark, sendgrid or mailgun; a raw mail (message/rfc822) where it is left out"))
            .DescribesBody(typeof(string), "message/rfc822", "application/json", "multipart/form-data").Produces<IntakeAnswer>()
            .TakesKeyAsPassword().WithName("TakeMail").WithSummary("Takes a mail that came to a mailbox of ours; it is on disk before anything is made of it.");
        messages.MapPost("/inbound/ses", TakeSesAsync).RequirePermission(Permissions.MessagesReceive).WithMetadata(new BodyLimit(LargestMail))
            .DescribesBody(typeof(object), "text/plain", "application/json").Produces<IntakeAnswer>()
            .TakesKeyAsPassword().WithName("TakeSes")
            .WithSummary("Takes what Amazon SES notifies of by SNS: a mail, what became of ours, or a topic that asks to be confirmed.");
    }

    private static async Task<IResult> TakeMailAsync(HttpContext http, MailIntake intake, TimeProvider time)
    {
        // What comes in may be for any of our names.
        if (BusinessEntityScope.RefuseLimited(Caller.Of(http), "Messages that come in") is { } limited)
        {
            return ProblemAnswers.From(limited);
        }

        var provider = QueryParameters.Of(http).Text("provider");
        var body = await BodyAsync(http);
        if (body.Length == 0)
        {
            return ProblemAnswers.From(Invalid.Field("body", "must be a mail"));
        }

        if (provider is null && http.Request.HasJsonContentType())
        {
            return ProblemAnswers.From(Invalid.Field("provider", "must name the service whose JSON this is: postmark"));
        }

        var taken = await intake.TakeAsync(body, provider, provider is null ? null : http.Request.ContentType, RequestOrigin.Context(http, time), http.RequestAborted);
        return taken.Succeeded ? TypedResults.Ok(taken.Value) : ProblemAnswers.From(taken.Error);
    }

    private static async Task<IResult> TakeSesAsync(
        HttpContext http, MailIntake mails, ChannelIntake reports, SesMailbox amazon, IOptions<SesOptions> options, TimeProvider time)
    {
        if (BusinessEntityScope.RefuseLimited(Caller.Of(http), "Messages that come in") is { } limited)
        {
            return ProblemAnswers.From(limited);
        }

        var (body, context) = (await BodyAsync(http), RequestOrigin.Context(http, time));
        var read = SesHook.Read(body, options.Value.TopicList, time.GetUtcNow());
        if (!read.Succeeded)
        {
            return ProblemAnswers.From(read.Error);
        }

        switch (read.Value)
        {
            case SesMail { Mail: var mail }:
                return await TakeAsync(mail);
            case SesStoredMail stored:
                var fetched = await amazon.FetchAsync(stored, LargestMail, http.RequestAborted);
                return fetched.Succeeded ? await TakeAsync(fetched.Value) : ProblemAnswers.From(fetched.Error);
            case SesStatuses:
                await reports.KeepAsync(
                    ChannelType.Email, ChannelIntake.MailStatusOf(MailStatuses.Ses), http.Request.ContentType, body, context);
                return Nothing();
            case SesSubscription subscription:
                return await amazon.ConfirmAsync(subscription, http.RequestAborted) is { } refused ? ProblemAnswers.From(refused) : Nothing();
            default:
                return Nothing();
        }

        async Task<IResult> TakeAsync(ReadOnlyMemory<byte> mail)
        {
            var taken = await mails.TakeAsync(mail, null, null, context, http.RequestAborted);
            return taken.Succeeded ? TypedResults.Ok(taken.Value) : ProblemAnswers.From(taken.Error);
        }

        static IResult Nothing() => TypedResults.Ok(new IntakeAnswer(null, null, false));
    }

    /// <summary>The body, byte for byte.</summary>
    internal static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }
}
