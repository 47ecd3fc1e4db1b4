using System.Collections.Frozen;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Money.Numbering;

/// <summary>Numbers over HTTP: routes requests to the series' grains and holds no rule.</summary>
public static class NumberEndpoints
{
    /// <summary>Maps <c>/api/number-sequences</c>.</summary>
    public static void MapNumbers(this IEndpointRouteBuilder routes)
    {
        var sequences = routes.MapGroup("/api/number-sequences").WithTags("Numbers");
        sequences.MapGet("/", List).RequirePermission(Permissions.NumbersRead).TakesQuery(NumberLists.Sequences).Produces<Page<NumberSequence>>()
            .WithName("ListNumberSequences").WithSummary("The series of numbers, and how far each is.");
        sequences.MapPost("/{businessEntity}/{numberType}/next", Next)
            .RequirePermission(Permissions.NumbersAssign).Repeatable().Produces<NumberAnswer>()
            .WithName("AssignNumber").WithSummary("Gives the next number of this year's series to an owner, which keeps it (ownerId).");
        sequences.MapPost("/{businessEntity}/{numberType}/void", Void)
            .RequirePermission(Permissions.NumbersVoid).Repeatable().Produces<AssignedNumber>()
            .WithName("VoidNumber").WithSummary("Says that a number was given for nothing (number, reason); nobody gets it again.");
        sequences.MapGet("/{businessEntity}/{numberType}/{year:int}/numbers", Numbers)
            .RequirePermission(Permissions.NumbersRead).TakesQuery(NumberLists.Numbers).Produces<Page<NumberAssignment>>()
            .WithName("ListAssignedNumbers").WithSummary("The numbers of a series in a year, and who got which.");
    }

    private static async Task<IResult> List(HttpContext http, NumberLists lists)
    {
        var query = NumberLists.Sequences.Parse(http);
        return query.Succeeded
            ? Results.Ok(await lists.SequencesAsync(query.Value, Seen(Caller.Of(http)), http.RequestAborted))
            : ProblemAnswers.From(query.Error);
    }

    private static async Task<IResult> Next(
        string businessEntity, string numberType, NumberOwner body, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var (series, context) = (Series(http, businessEntity, numberType), CommandRequest.Context(http, time));
        if ((series.Error ?? context.Error) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var result = await Grain(grains, series.Value).NextAsync(body.OwnerId ?? Guid.Empty, context.Value!);
        return result.Succeeded
            ? Results.Ok(new NumberAnswer(result.Value.Number, result.Value.Sequence, result.Value.Year, result.Value.OwnerId))
            : ProblemAnswers.From(result.Error);
    }

    private static async Task<IResult> Void(
        string businessEntity, string numberType, NumberToVoid body, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var (series, context) = (Series(http, businessEntity, numberType), CommandRequest.Context(http, time));
        if ((series.Error ?? context.Error) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var result = await Grain(grains, series.Value).VoidAsync(body.Number ?? "", body.Reason ?? "", context.Value!);
        return result.Succeeded ? Results.Ok(result.Value) : ProblemAnswers.From(result.Error);
    }

    private static async Task<IResult> Numbers(string businessEntity, string numberType, int year, HttpContext http, NumberLists lists)
    {
        var (series, query) = (Series(http, businessEntity, numberType), NumberLists.Numbers.Parse(http));
        return (series.Error ?? query.Error) is { } refusal
            ? ProblemAnswers.From(refusal)
            : Results.Ok(await lists.NumbersAsync(series.Value, year, query.Value!, http.RequestAborted));
    }

    // A series outside the caller's scope is answered like one that does not exist.
    private static Result<NumberSeries> Series(HttpContext http, string businessEntity, string numberType)
    {
        IReadOnlyCollection<BusinessEntity> seen = Seen(Caller.Of(http)) ?? (IReadOnlyCollection<BusinessEntity>)Enum.GetValues<BusinessEntity>();
        return WireText.TryParse<BusinessEntity>(businessEntity, out var entity) && WireText.TryParse<NumberType>(numberType, out var type)
            && seen.Contains(entity)
            ? new NumberSeries(entity, type)
            : new NotFound("number sequence", $"{businessEntity}/{numberType}; "
                + $"there are {string.Join(", ", seen.Select(WireText.Of))}, "
                + $"each with {string.Join(", ", WireText.All<NumberType>())}");
    }

    // A series names everybody's documents: a partner sees none.
    private static FrozenSet<BusinessEntity>? Seen(Caller caller) =>
        caller.PartnerOrganizationId is null ? caller.BusinessEntities : FrozenSet<BusinessEntity>.Empty;

    private static INumberSequenceGrain Grain(IGrainFactory grains, NumberSeries series) =>
        grains.GetGrain<INumberSequenceGrain>(series.ToString());

    /// <summary>Who asks for a number.</summary>
    /// <param name="OwnerId">The document that gets it; asking again for the same one returns the same number.</param>
    public sealed record NumberOwner(Guid? OwnerId);

    /// <summary>A number that an owner has.</summary>
    /// <param name="Number">As printed.</param>
    /// <param name="Sequence">Its place in the year.</param>
    /// <param name="Year">The business year.</param>
    /// <param name="OwnerId">The document that it was given to.</param>
    public sealed record NumberAnswer(string Number, int Sequence, int Year, Guid OwnerId);

    /// <summary>Which number is voided and why.</summary>
    /// <param name="Number">As printed.</param>
    /// <param name="Reason">For the auditor; at most 2,000 characters.</param>
    public sealed record NumberToVoid(string? Number, string? Reason);
}
