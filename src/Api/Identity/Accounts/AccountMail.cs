using System.Threading.Channels;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Notifications;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>
/// Sends the links that prove an address. Whoever asks is answered before anything is looked up, so that neither the answer
/// nor its time tells whether there is an account.
/// </summary>
internal sealed partial class AccountMail(
    PasswordLogin accounts, IGrainFactory grains, INotificationSender sender, ILogger<AccountMail> logger) : BackgroundService
{
    // Beyond it requests are dropped: a flood must not become a flood of mail.
    private readonly Channel<Asked> _queue = Channel.CreateBounded<Asked>(
        new BoundedChannelOptions(100) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public void AskForReset(string email, CommandContext context) => _queue.Writer.TryWrite(new(email, context));

    /// <summary>Makes a token and sends it.</summary>
    public async Task<Error?> SendAsync(Guid accountId, string email, bool verification, CommandContext context, CancellationToken cancellation)
    {
        var token = await grains.GetGrain<IUserAccountGrain>(accountId).MakeTokenAsync(verification, context);
        if (!token.Succeeded)
        {
            return token.Error;
        }

        await sender.SendAsync(
            new(email, verification ? "email_verification" : "password_reset",
                new Dictionary<string, string> { ["token"] = AccountToken.Write(accountId, token.Value.Text) }),
            cancellation);
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var asked in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (await accounts.FindAsync(asked.Email, stoppingToken) is var (id, email))
                {
                    await SendAsync(id, email, verification: false, asked.Context with { Actor = new(ActorKind.User, id, email) }, stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotSent(logger, fault);
            }
        }
    }

    private sealed record Asked(string Email, CommandContext Context);

    [LoggerMessage(LogLevel.Error, "A password reset could not be sent")]
    private static partial void LogNotSent(ILogger logger, Exception fault);
}

/// <summary>A token as it is sent: the account's id and the grain's token, so that no table is searched by a secret.</summary>
internal static class AccountToken
{
    private const int IdLength = 32;
    public const int Longest = 200;

    public static string Write(Guid accountId, string token) => $"{accountId:n}{token}";

    public static (Guid AccountId, string Token)? Read(string text) =>
        text.Length > IdLength && Guid.TryParseExact(text.AsSpan(0, IdLength), "N", out var id) ? (id, text[IdLength..]) : null;
}
