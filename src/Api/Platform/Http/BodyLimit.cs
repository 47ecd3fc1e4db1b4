using Microsoft.AspNetCore.Http.Metadata;

namespace ChargeCars.Api.Platform.Http;

/// <summary>The largest body of an endpoint that takes more, or less, than others.</summary>
/// <param name="Bytes">Bytes.</param>
internal sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
{
    long? IRequestSizeLimitMetadata.MaxRequestBodySize => Bytes;
}
