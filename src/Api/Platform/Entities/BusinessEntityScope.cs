using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>The scope that many kinds share: rows of the caller's business entities.</summary>
internal static class BusinessEntityScope
{
    /// <summary>A condition for rows of the caller's business entities; null where the caller sees all five.</summary>
    /// <param name="text">Where the condition is written.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="orNone">Whether rows that belong to no business entity, and so serve all, are seen too.</param>
    /// <param name="column">The column that names the business entity.</param>
    public static string? OfBusinessEntities(this ScopeText text, Caller caller, bool orNone = false, string column = "business_entity")
    {
        if (caller.BusinessEntities is not { } seen)
        {
            return null;
        }

        var words = text.Of(Sql.Array(NpgsqlDbType.Text, seen.Select(WireText.Of).ToArray()));
        return orNone ? $"{column} IS NULL OR {column} = ANY ({words})" : $"{column} = ANY ({words})";
    }

    /// <summary>Rows that name their business entity by its id, and that partners never see: channels, the company's numbers.</summary>
    public static ScopeCondition? OfCompany(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            caller.PartnerOrganizationId is null ? null : "false",
            text.OfBusinessEntities(caller, column: "named.entity_code") is { } own
                ? $"business_entity_id IN (SELECT named.id FROM business_entity named WHERE {own})"
                : null);
    }

    /// <summary>The refusal to write a row of a business entity that the caller does not have; null where they do.</summary>
    public static Invalid? Refuse(Caller caller, BusinessEntity? entity) =>
        caller.BusinessEntities is { } seen && (entity is not { } owner || !seen.Contains(owner))
            ? Invalid.Field("businessEntity", $"must be one of {string.Join(", ", seen.Select(WireText.Of))} for these credentials")
            : null;

    /// <summary>Refuses limited credentials a change that concerns all five business entities; null where the caller is limited in nothing.</summary>
    public static Forbidden? RefuseLimited(Caller caller, string what) =>
        caller is { BusinessEntities: null, PartnerOrganizationId: null, Vehicles: null }
            ? null
            : new Forbidden($"{what} concern the whole company: credentials that are limited to a part of it can't change them.");
}
