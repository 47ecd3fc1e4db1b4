using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Mailboxes;

/// <summary>
/// Mailboxes that are read by IMAP: <c>ChargeCars:Messages:Mailboxes:0</c>, <c>:1</c> and so on. Each is of a communication channel, which
/// its address names; it is read as long as that channel is active.
/// </summary>
public sealed class MailboxOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Messages";

    /// <summary>The mailboxes.</summary>
    public IList<Mailbox> Mailboxes { get; } = [];

    /// <summary>One mailbox.</summary>
    public sealed class Mailbox
    {
        /// <summary>The address of the channel whose mailbox it is.</summary>
        public string Address { get; set; } = "";

        /// <summary>The mail server, such as <c>imap.example.nl</c>.</summary>
        public string Host { get; set; } = "";

        /// <summary>Its port. Default 993.</summary>
        public int Port { get; set; } = 993;

        /// <summary><c>tls</c> from the first byte (default), <c>starttls</c>, or <c>none</c>, on this machine only.</summary>
        public string Security { get; set; } = "tls";

        /// <summary>The account; the address where it is left out.</summary>
        public string? UserName { get; set; }

        /// <summary>Its password; none where it signs in with a token.</summary>
        public string? Password { get; set; }

        /// <summary>Where tokens are given out (Office 365, Gmail); https, or http on this machine.</summary>
        public string? TokenAddress { get; set; }

        /// <summary>The program's id there.</summary>
        public string? ClientId { get; set; }

        /// <summary>The program's secret there.</summary>
        public string? ClientSecret { get; set; }

        /// <summary>What the token is asked for, such as <c>https://outlook.office365.com/.default</c>.</summary>
        public string? Scope { get; set; }

        /// <summary>What the mailbox's owner gave the program; without one the program asks in its own name.</summary>
        public string? RefreshToken { get; set; }

        /// <summary>The folder. Default the inbox.</summary>
        public string? Folder { get; set; }

        /// <summary>Whether mails are marked as seen once they are on disk. Default true.</summary>
        public bool MarkSeen { get; set; } = true;

        /// <summary>Mails that arrived before this day are left alone, for a mailbox that was in use before.</summary>
        public DateTime? Since { get; set; }

        /// <summary>The largest mail that is fetched whole, bytes; of a larger one its headers are. Default 40 MB.</summary>
        public int LargestMail { get; set; } = 40 * 1024 * 1024;

        /// <summary>How often it is read, as a .NET time span: 5 s to 1 h. Default 1 minute.</summary>
        public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long the server may take for one answer, as a .NET time span: 1 s to 5 min. Default 1 minute.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

        internal string Account => string.IsNullOrWhiteSpace(UserName) ? Address : UserName;

        internal bool HasToken => !string.IsNullOrWhiteSpace(TokenAddress);
    }

    internal sealed class Validator : IValidateOptions<MailboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailboxOptions options)
        {
            List<string> faults = [];
            for (var i = 0; i < options.Mailboxes.Count; i++)
            {
                var (box, key) = (options.Mailboxes[i], $"{Section}:{nameof(Mailboxes)}:{i}");
                Check(box.Address.Contains('@', StringComparison.Ordinal), nameof(box.Address), "must be the mail address of a communication channel");
                Check(!string.IsNullOrWhiteSpace(box.Host), nameof(box.Host), "is missing");
                Check(box.Port is >= 1 and <= 65_535, nameof(box.Port), $"must be 1 to 65535, not {box.Port}");
                Check(box.Security is "tls" or "starttls" or "none", nameof(box.Security), $"must be tls, starttls or none, not '{box.Security}'");
                // Customers' mail and the password go over it.
                Check(box.Security != "none" || box.Host is "localhost" or "127.0.0.1" or "::1", nameof(box.Security),
                    "may be none for a mail server on this machine only");
                Check(box.HasToken != !string.IsNullOrEmpty(box.Password), nameof(box.Password), "is missing; or give a TokenAddress, and not both");
                Check(!box.HasToken || IsSafe(box.TokenAddress!), nameof(box.TokenAddress), "must be an https address (http on this machine only)");
                Check(!box.HasToken || !string.IsNullOrWhiteSpace(box.ClientId), nameof(box.ClientId), "is missing");
                Check(box.LargestMail >= 100_000, nameof(box.LargestMail), "must be at least 100000 bytes");
                Check(
                    box.Interval >= TimeSpan.FromSeconds(5) && box.Interval <= TimeSpan.FromHours(1), nameof(box.Interval),
                    $"must be from 5 seconds to 1 hour, not {box.Interval}");
                Check(
                    box.Timeout >= TimeSpan.FromSeconds(1) && box.Timeout <= TimeSpan.FromMinutes(5), nameof(box.Timeout),
                    $"must be from 1 second to 5 minutes, not {box.Timeout}");
                Check(
                    options.Mailboxes.Count(other => other.Address.Equals(box.Address, StringComparison.OrdinalIgnoreCase)) == 1, nameof(box.Address),
                    "is that of another mailbox too");

                void Check(bool good, string field, string fault)
                {
                    if (!good)
                    {
                        faults.Add($"{key}:{field} {fault}.");
                    }
                }
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private static bool IsSafe(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }
}
