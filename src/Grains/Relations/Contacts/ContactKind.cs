using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Relations.PhoneNumbers;
using Npgsql;

namespace ChargeCars.Relations.Contacts;

/// <summary>Contacts.</summary>
public sealed class ContactKind : IEntityKind<Contact, ContactDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Contact> Rows { get; } = new("contact");

    /// <inheritdoc/>
    public static Func<Contact, SearchText> Findable { get; } = static contact => new($"{contact.FirstName} {contact.LastName}")
    {
        Phones = [contact.Phone, contact.Mobile],
        Emails = [contact.Email],
    };

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["organizationId"] = ListFilter.Uuid("organization_id"),
            ["email"] = new("lower(email) = lower($)", Sql.Text, "an e-mail address"),
            ["lastName"] = ListFilter.Text("last_name"),
            ["contactType"] = ListFilter.Word<ContactType>("contact_type"),
            ["isPrimary"] = ListFilter.Boolean("is_primary"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["lastName"] = new("last_name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(ContactDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("firstName", details.FirstName, 1..100)
        .Text("lastName", details.LastName, 1..100)
        .Text("email", details.Email, 1..254)
        .Satisfies("email", PlainText.TidyOrNull(details.Email), EmailAddress.Fault)
        .Satisfies("phone", PlainText.TidyOrNull(details.Phone), PhoneNumberRules.Fault)
        .Satisfies("mobile", PlainText.TidyOrNull(details.Mobile), PhoneNumberRules.Fault)
        .Rule("isPrimary", details.IsPrimary && details.OrganizationId is null, "needs an organizationId: somebody is an organization's first contact")
        .Invalid;

    /// <inheritdoc/>
    public static ContactDetails Normalized(ContactDetails details) => details with
    {
        FirstName = PlainText.Tidy(details.FirstName),
        LastName = PlainText.Tidy(details.LastName),
        Email = EmailAddress.Normalized(details.Email),
        Phone = PlainText.TidyOrNull(details.Phone) is { } phone ? PhoneNumberRules.Normalized(phone) : null,
        Mobile = PlainText.TidyOrNull(details.Mobile) is { } mobile ? PhoneNumberRules.Normalized(mobile) : null,
    };

    /// <inheritdoc/>
    public static Result<Outcome<Contact>> Decide(Contact state, EntityCommand<Contact> command, DateTimeOffset now) => command is EraseContact erase
        ? Erased(state, erase, now)
        : throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a contact.");

    // Asked for again, it reaches what was left since.
    private static Result<Outcome<Contact>> Erased(Contact state, EraseContact erase, DateTimeOffset now)
    {
        if (state.ContactType == ContactType.Employee)
        {
            return new Conflict("colleague", "What a colleague said at work is the company's: it is not erased with them.");
        }

        var after = state.ErasedAt is not null ? state : state with
        {
            FirstName = "Erased", LastName = "person", Email = $"erased-{state.Id:n}@erased.invalid", Phone = null, Mobile = null, ErasedAt = now,
        };
        string[] numbers = [.. erase.Numbers.Concat(new[] { state.Phone, state.Mobile }.OfType<string>()).Distinct(StringComparer.Ordinal)];
        return new Outcome<Contact>(after)
        {
            Announced = [new("erased", contact => new { contact.Id, contact.ErasedAt, contact.Version })],
            Then = [new DueCommand(state.Id, new EraseTraces([state.Email.ToLowerInvariant()], numbers))],
            Summary = erase.Reason is { } reason ? $"Erased: {reason}" : "Erased",
        };
    }

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Contact state) => new(null, null, state.Id, null);

    /// <inheritdoc/>
    public static object Label(Contact state) => new { state.FirstName, state.LastName };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Contact? state) => violation.ConstraintName == "uq_contact_primary"
        ? new Conflict("primary_taken", "The organization has a primary contact already: set that one's isPrimary to false first.", "isPrimary")
        : null;
}
