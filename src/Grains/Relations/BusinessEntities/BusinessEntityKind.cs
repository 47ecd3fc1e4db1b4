using ChargeCars.Conversations.Templates;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Relations.Organizations;
using Npgsql;

namespace ChargeCars.Relations.BusinessEntities;

/// <summary>The five names that the company works under.</summary>
public sealed class BusinessEntityKind : IEntityKind<BusinessEntityProfile, BusinessEntityProfileDetails>
{
    /// <inheritdoc/>
    public static RowMapping<BusinessEntityProfile> Rows { get; } = new("business_entity");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["entityCode"] = ListFilter.Word<BusinessEntity>("entity_code"),
            ["isActive"] = ListFilter.Boolean("is_active"),
        },
        new Dictionary<string, ListSort> { ["entityCode"] = new("entity_code", "text") },
        "entityCode");

    /// <inheritdoc/>
    public static Invalid? Check(BusinessEntityProfileDetails details, DateTimeOffset now)
    {
        var faults = new FieldFaults()
            .OneOf("entityCode", details.EntityCode)
            .Text("legalName", details.LegalName, 1..200)
            .Text("tradeName", details.TradeName, ..200)
            .Satisfies("kvkNumber", PlainText.TidyOrNull(details.KvkNumber), KvkNumber.Fault)
            .Satisfies("vatNumber", PlainText.TidyOrNull(details.VatNumber), VatNumber.Fault)
            .Satisfies("bankAccount", PlainText.TidyOrNull(details.BankAccount), Iban.Fault)
            .Rule("emailDomains", details.EmailDomains?.Count > 50, "must hold at most 50")
            .Object("communicationChannels", details.CommunicationChannels)
            .Object("brandingConfig", details.BrandingConfig);
        for (var i = 0; i < Math.Min(details.EmailDomains?.Count ?? 0, 50); i++)
        {
            faults.Rule($"emailDomains[{i}]", details.EmailDomains![i] is not { } domain || !HostName.IsPublic(domain), "must be a domain, such as chargecars.nl");
        }

        if (details.Calendar is { } calendar)
        {
            CalendarRules.Check(faults.Within("calendar"), calendar);
        }

        faults.Part("onTheWay", details.OnTheWay, static (part, told) => part
            .OneOf("language", (TemplateLanguage?)told.Language)
            .Number("shiftMinutes", (int?)told.ShiftMinutes, 5, 240));

        return faults.Invalid;
    }

    /// <summary>The deadlines of its orders follow its calendar.</summary>
    public static Result<Outcome<BusinessEntityProfile>> Revised(BusinessEntityProfile before, BusinessEntityProfile after, DateTimeOffset now) =>
        Outcome.Of(after, "updated") with
        {
            Then = after.EntityCode is { } entity && RowJson.ForRow(before.Calendar) != RowJson.ForRow(after.Calendar)
                ? [new(after.Id, new RecomputeDeadlines(entity)) { At = now + RecomputeDeadlines.Delay, Key = $"deadlines:{after.Id}" }]
                : [],
        };

    /// <inheritdoc/>
    public static BusinessEntityProfileDetails Normalized(BusinessEntityProfileDetails details) => details with
    {
        LegalName = PlainText.Tidy(details.LegalName),
        TradeName = PlainText.TidyOrNull(details.TradeName),
        KvkNumber = PlainText.TidyOrNull(details.KvkNumber) is { } kvk ? Organizations.KvkNumber.Normalized(kvk) : null,
        VatNumber = PlainText.TidyOrNull(details.VatNumber) is { } vat ? Organizations.VatNumber.Normalized(vat) : null,
        BankAccount = PlainText.TidyOrNull(details.BankAccount) is { } account ? Iban.Normalized(account) : null,
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(BusinessEntityProfile state) =>
        state.EntityCode is { } code ? new(WireText.Of(code), null, null, null) : null;

    /// <inheritdoc/>
    public static object Label(BusinessEntityProfile state) => new { state.EntityCode, state.LegalName };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, BusinessEntityProfile? state) => violation.ConstraintName == "uq_business_entity_entity_code"
        ? new Conflict("entity_code_taken", "There is a row of this name already: change that one.", "entityCode")
        : null;
}
