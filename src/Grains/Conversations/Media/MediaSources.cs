using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Sending;
using ChargeCars.Platform.Reading;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;

namespace ChargeCars.Conversations.Media;

/// <summary>Media that is being read.</summary>
/// <param name="Content">Its bytes; ends with <see cref="MediaTooLargeException"/> where there are too many.</param>
/// <param name="Sha256">What the provider says that its bytes have, hexadecimal.</param>
/// <param name="Answer">What it is read from.</param>
internal sealed record OpenMedia(Stream Content, string? Sha256, HttpResponseMessage Answer) : IDisposable
{
    public void Dispose()
    {
        Content.Dispose();
        Answer.Dispose();
    }
}

/// <summary>
/// Opens media at the provider that its message came from. Credentials go to the provider's own address only; where that leads on, nothing
/// goes along, and it may not lead into our own network.
/// </summary>
internal sealed class MediaSources(IHttpClientFactory http, IOptions<SendingOptions> options)
{
    /// <summary>The name of the HTTP client: redirects are followed here and not there, nothing is logged.</summary>
    public const string Http = "message-media";

    private const int MostRedirects = 3;

    private SendingOptions Settings => options.Value;

    /// <summary>Opens it; <see cref="TryAgain"/> where the provider may have it later, any other error where it never will.</summary>
    /// <exception cref="HttpRequestException">The provider was not reached.</exception>
    public Task<Result<OpenMedia>> OpenAsync(CommunicationMessage message, int number, CancellationToken cancellation)
    {
        var media = MediaReference.Of(message, number);
        return media switch
        {
            null => Task.FromResult<Result<OpenMedia>>(new NotFound("media", $"{message.Id}/{number}")),
            { Id: { } id } => OpenOfMetaAsync(id, media, cancellation),
            { Address: { } address } when IsAt(address, Settings.TwilioApi) => OpenOfTwilioAsync(address, media, cancellation),
            { Address: { } address } => OpenAtAsync(address, media, cancellation),
            _ => Task.FromResult<Result<OpenMedia>>(new NotFound("media", $"{message.Id}/{number}")),
        };
    }

    // Its address holds for five minutes, so it is asked for each time.
    private async Task<Result<OpenMedia>> OpenOfMetaAsync(string id, MediaReference media, CancellationToken cancellation)
    {
        if (!Settings.HasWhatsapp)
        {
            return new TryAgain("No WhatsappAccessToken is configured, by which it could be fetched.", 3_600);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Settings.WhatsappApi.TrimEnd('/')}/{Uri.EscapeDataString(id)}");
        request.Headers.Authorization = Bearer;
        using var answer = await Client.SendAsync(request, cancellation);
        if (Refusal(answer) is { } refusal)
        {
            return refusal;
        }

        var said = LooseJson.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        if (!Uri.TryCreate(said.Text("url", 4_000), UriKind.Absolute, out var address))
        {
            return new TryAgain("WhatsApp told no address.", 60);
        }

        if (said.Member("file_size").Number() > Settings.LargestMedia)
        {
            return TooLarge();
        }

        // The token is Meta's: an address elsewhere gets none.
        var isTheirs = IsAt(address, Settings.WhatsappApi)
            || (address.Scheme == Uri.UriSchemeHttps && Settings.MediaHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase));
        return isTheirs
            ? await OpenAsync(address, Bearer, media with { Sha256 = media.Sha256 ?? Hexadecimal(said.Text("sha256", 200)) }, cancellation)
            : new Conflict("media_elsewhere", $"WhatsApp names an address at {address.Host}, which gets no token.");
    }

    private Task<Result<OpenMedia>> OpenOfTwilioAsync(Uri address, MediaReference media, CancellationToken cancellation) => !Settings.HasTwilio
        ? Task.FromResult<Result<OpenMedia>>(new TryAgain("No Twilio account is configured, by which it could be fetched.", 3_600))
        : OpenAsync(address, new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Settings.TwilioAccountSid}:{Settings.TwilioToken}"))), media,
            cancellation);

    // An address that proves itself, as Aircall's do.
    private Task<Result<OpenMedia>> OpenAtAsync(Uri address, MediaReference media, CancellationToken cancellation) =>
        address.Scheme == Uri.UriSchemeHttps || IsOurs(address)
        ? OpenAsync(address, null, media, cancellation)
        : Task.FromResult<Result<OpenMedia>>(new Conflict("media_elsewhere", "Its address is not https."));

    private async Task<Result<OpenMedia>> OpenAsync(Uri address, AuthenticationHeaderValue? credentials, MediaReference media, CancellationToken cancellation)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = redirects == 0 ? credentials : null;
            var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var isKept = false;
            try
            {
                if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308)
                {
                    if (redirects == MostRedirects || answer.Headers.Location is not { } location)
                    {
                        return new TryAgain("It leads from one address to the next.", 60);
                    }

                    address = new Uri(address, location);
                    if (address.Scheme != Uri.UriSchemeHttps && !IsOurs(address))
                    {
                        return new Conflict("media_elsewhere", "It leads to an address that is not https.");
                    }

                    continue;
                }

                if (Refusal(answer) is { } refusal)
                {
                    return refusal;
                }

                if (answer.Content.Headers.ContentLength > Settings.LargestMedia)
                {
                    return TooLarge();
                }

                isKept = true;
                return new OpenMedia(new BoundedStream(await answer.Content.ReadAsStreamAsync(cancellation), Settings.LargestMedia), media.Sha256, answer);
            }
            finally
            {
                if (!isKept)
                {
                    answer.Dispose();
                }
            }
        }
    }

    private HttpClient Client => http.CreateClient(Http);

    private AuthenticationHeaderValue Bearer => new("Bearer", Settings.WhatsappAccessToken);

    // Gone is gone; whoever is not let in now may be when the credentials are right again.
    private static Error? Refusal(HttpResponseMessage answer) => (int)answer.StatusCode switch
    {
        >= 200 and < 300 => null,
        404 or 410 => new Conflict("media_gone", "The provider has it no more."),
        401 or 403 => new TryAgain("The provider does not take our credentials.", 600),
        429 => new TryAgain("The provider asks us to wait.", (int)Math.Clamp(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 60, 1, 3_600)),
        var status => new TryAgain($"The provider answered {status}.", 30),
    };

    private Conflict TooLarge() => new("media_too_large", $"It is larger than {Settings.LargestMedia / (1024 * 1024)} MB.");

    private static bool IsAt(Uri address, string api) =>
        Uri.TryCreate(api, UriKind.Absolute, out var own) && address.Scheme == own.Scheme
            && address.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase);

    // For a stand-in on this machine, where the provider is one too.
    private bool IsOurs(Uri address) =>
        address.IsLoopback && new[] { Settings.TwilioApi, Settings.WhatsappApi }.Any(api =>
            Uri.TryCreate(api, UriKind.Absolute, out var own) && own.IsLoopback);

    /// <summary>A checksum in whatever form it is told, as hexadecimal; null where it is none.</summary>
    internal static string? Hexadecimal(string? sha256)
    {
        if (sha256 is { Length: 64 } && sha256.All(char.IsAsciiHexDigit))
        {
            return sha256.ToLowerInvariant();
        }

        var bytes = new byte[32];
        return sha256 is not null && Convert.TryFromBase64String(sha256, bytes, out var count) && count == 32 ? Convert.ToHexStringLower(bytes) : null;
    }
}

/// <summary>What a message says of where its media is.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Id">The provider's id, by which its address is asked for.</param>
/// <param name="Sha256">Hexadecimal.</param>
internal sealed record MediaReference(Uri? Address, string? Id, string? Sha256)
{
    /// <summary>Null where the message has none of this number.</summary>
    public static MediaReference? Of(CommunicationMessage message, int number)
    {
        var media = message.Details is { } details
            ? LooseJson.Parse(Encoding.UTF8.GetBytes(details.Text)).Member("media").Items(100).ElementAtOrDefault(number) : default;
        if (media.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            return null;
        }

        // WhatsApp's own address of it dies in minutes; by its id there is a fresh one.
        var id = message.RawId is not null ? media.Text("id", 500) : null;
        return new(
            Uri.TryCreate(media.Text("address", 4_000), UriKind.Absolute, out var address) ? address : null, id,
            MediaSources.Hexadecimal(media.Text("sha256", 200)));
    }
}

/// <summary>Media has more bytes than are fetched.</summary>
public sealed class MediaTooLargeException(long most) : Exception($"It is larger than {most / (1024 * 1024)} MB.");
