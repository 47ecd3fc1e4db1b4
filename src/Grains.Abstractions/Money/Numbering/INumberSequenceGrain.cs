using System.Text.Json.Serialization;
using Orleans.Concurrency;

namespace ChargeCars.Money.Numbering;

/// <summary>What is numbered.</summary>
[JsonConverter(typeof(WireEnumConverter<NumberType>))]
public enum NumberType
{
    /// <summary>Orders.</summary>
    Order,

    /// <summary>Quotes.</summary>
    Quote,

    /// <summary>Invoices; EU VAT Directive art. 226(2) asks for sequential, unique numbers.</summary>
    Invoice,

    /// <summary>Visits.</summary>
    Visit,
}

/// <summary>One series of numbers over all its years.</summary>
public readonly record struct NumberSeries(BusinessEntity BusinessEntity, NumberType NumberType)
{
    /// <summary>The grain's key; a letter first, because Orleans' storage normalises keys that look like numbers.</summary>
    public override string ToString() => $"{WireText.Of(BusinessEntity)}/{WireText.Of(NumberType)}";

    /// <summary>The series of a grain's key.</summary>
    public static NumberSeries Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return new(WireText.Parse<BusinessEntity>(key[..slash]), WireText.Parse<NumberType>(key[(slash + 1)..]));
    }
}

/// <summary>A number that has an owner.</summary>
/// <param name="Number">As printed: the sequence's prefix, the year and the sequence, as in <c>CC-INV-2026-00042</c>.</param>
/// <param name="Sequence">Its place in the year, from 1, without gaps.</param>
/// <param name="Year">The business year, Europe/Amsterdam.</param>
/// <param name="OwnerId">The document that it was given to.</param>
[GenerateSerializer, Immutable, Alias("assigned-number")]
public sealed record AssignedNumber(
    [property: Id(0)] string Number,
    [property: Id(1)] int Sequence,
    [property: Id(2)] int Year,
    [property: Id(3)] Guid OwnerId)
{
    /// <summary>When it was given, UTC.</summary>
    [Id(4)] public DateTimeOffset AssignedAt { get; init; }

    /// <summary>When it was voided, UTC; null while it stands.</summary>
    [Id(5)] public DateTimeOffset? VoidedAt { get; init; }

    /// <summary>Why it was voided.</summary>
    [Id(6)] public string? VoidReason { get; init; }
}

/// <summary>
/// One series (business entity and type) over all its years. Key: <see cref="NumberSeries"/>. Gapless, each number one
/// owner's; all who wait are served by one commit.
/// </summary>
[Alias("ChargeCars.INumberSequenceGrain")]
public interface INumberSequenceGrain : IGrainWithStringKey
{
    /// <summary>
    /// The owner's number: the one it has, or the next of the business year. Refuses with <see cref="Conflict"/>
    /// (<c>number_voided</c>, <c>counter_moved</c>) or <see cref="TryAgain"/>.
    /// </summary>
    /// <remarks>Calls interleave, so that those who come while a commit is under way are served together by the next one.</remarks>
    [Alias("next"), AlwaysInterleave]
    Task<Result<AssignedNumber>> NextAsync(Guid ownerId, CommandContext context);

    /// <summary>Voids a number, with the reason that an auditor will read. A number voided already keeps its first reason.</summary>
    /// <remarks>Interleaves: on a busy series it would else wait for a moment without callers.</remarks>
    [Alias("void"), AlwaysInterleave]
    Task<Result<AssignedNumber>> VoidAsync(string number, string reason, CommandContext context);
}
