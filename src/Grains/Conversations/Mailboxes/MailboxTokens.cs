using System.Collections.Concurrent;
using System.Text.Json;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Conversations.Mailboxes;

/// <summary>Tokens by which mailboxes of Office 365 and Gmail are opened; asked for when the last one is nearly over.</summary>
internal sealed class MailboxTokens(IHttpClientFactory http, TimeProvider time)
{
    /// <summary>The name of the HTTP client: no redirects, no log.</summary>
    public const string Http = "mailbox-tokens";

    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A token that holds for now.</summary>
    /// <exception cref="HttpRequestException">None was given out.</exception>
    public async Task<string> GetAsync(MailboxOptions.Mailbox box, CancellationToken cancellation)
    {
        if (_known.TryGetValue(box.Address, out var known) && known.Until > time.GetUtcNow())
        {
            return known.Token;
        }

        var isOwners = !string.IsNullOrWhiteSpace(box.RefreshToken);
        List<KeyValuePair<string, string>> fields = [new("grant_type", isOwners ? "refresh_token" : "client_credentials"), new("client_id", box.ClientId!)];
        Add("client_secret", box.ClientSecret);
        Add("scope", box.Scope);
        Add("refresh_token", box.RefreshToken);
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await http.CreateClient(Http).PostAsync(new Uri(box.TokenAddress!), content, cancellation);
        var said = LooseJson.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        if (!answer.IsSuccessStatusCode || said.Text("access_token", 10_000) is not { } token)
        {
            // What it says may hold what was sent.
            throw new HttpRequestException($"No token was given out for {box.Address}: {(int)answer.StatusCode} {said.Text("error", 100)}.");
        }

        _known[box.Address] = (token, time.GetUtcNow() + TimeSpan.FromSeconds(said.Member("expires_in").Integer() ?? 300) - Spare);
        return token;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                fields.Add(new(name, value));
            }
        }
    }
}
