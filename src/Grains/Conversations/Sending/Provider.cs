using System.Text.Json;
using ChargeCars.Conversations.Messages;

namespace ChargeCars.Conversations.Sending;

/// <summary>What an HTTP answer of a provider says of a message, and what its absence does.</summary>
internal static class Provider
{
    /// <summary>The name of the HTTP client: no redirects, no repetition, no log of what customers are written.</summary>
    public const string Http = "message-providers";

    /// <summary>Sends it once. Refused by the provider, or never reached it: certainly not taken. A fault of the provider's or a lost answer: unknown.</summary>
    /// <param name="http">For <see cref="Http"/>.</param>
    /// <param name="request">Is disposed.</param>
    /// <param name="taken">Reads the provider's id of it; null where the answer does not say that it took it.</param>
    /// <param name="refused">Reads a refusal, by its HTTP status.</param>
    /// <param name="cancellation">Gives up, which leaves the outcome unknown.</param>
    public static async Task<SendingResult> SendAsync(
        IHttpClientFactory http, HttpRequestMessage request, Func<JsonElement?, Taken?> taken, Func<int, JsonElement?, Refused> refused, CancellationToken cancellation)
    {
        using (request)
        {
            HttpResponseMessage answer;
            try
            {
                answer = await http.CreateClient(Http).SendAsync(request, cancellation);
            }
            catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError)
            {
                return new Refused("unreachable", fault.Message, DeliveryFate.Again);
            }

            using (answer)
            {
                using var body = await BodyAsync(answer, cancellation);
                return (int)answer.StatusCode switch
                {
                    >= 200 and < 300 when taken(body?.RootElement) is { } result => result,
                    >= 400 and < 500 => refused((int)answer.StatusCode, body?.RootElement),
                    var status => new Unknown($"The provider answered {status}."),
                };
            }
        }
    }

    private static async Task<JsonDocument?> BodyAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
