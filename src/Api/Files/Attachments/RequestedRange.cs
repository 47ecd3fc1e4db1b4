using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>What part of a file a request wants (RFC 9110, 14).</summary>
/// <param name="From">Its first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="IsPartial">Whether it is asked for as a part.</param>
/// <param name="IsUnsatisfiable">Whether it lies outside the file.</param>
internal readonly record struct RequestedRange(long From, long Length, bool IsPartial, bool IsUnsatisfiable)
{
    /// <summary>
    /// Of a request. Several ranges at once, a unit that is not known, and a range of another state of the file (If-Range) are answered
    /// with the whole file, as the RFC allows: so nobody asks for a thousand overlapping pieces.
    /// </summary>
    public static RequestedRange Of(HttpRequest request, long size, EntityTagHeaderValue tag, DateTimeOffset modifiedAt)
    {
        var (whole, headers) = (new RequestedRange(0, size, false, false), request.GetTypedHeaders());
        if (headers.Range is not { Unit.Value: "bytes", Ranges.Count: 1 } range || (headers.IfRange is { } condition && !Holds(condition, tag, modifiedAt)))
        {
            return whole;
        }

        return range.Ranges.Single() switch
        {
            { From: null, To: 0 } => new(0, 0, false, true),
            { From: null, To: { } last } => new(Math.Max(0, size - last), Math.Min(last, size), true, false),
            { From: { } from } when from >= size => new(0, 0, false, true),
            { From: { } from, To: var to } => new(from, Math.Min(to ?? long.MaxValue - 1, size - 1) - from + 1, true, false),
            _ => whole,
        };
    }

    private static bool Holds(RangeConditionHeaderValue condition, EntityTagHeaderValue tag, DateTimeOffset modifiedAt) =>
        condition.EntityTag is { } known ? known.Compare(tag, useStrongComparison: true)
            : condition.LastModified is { } date && date.ToUnixTimeSeconds() == modifiedAt.ToUnixTimeSeconds();
}
