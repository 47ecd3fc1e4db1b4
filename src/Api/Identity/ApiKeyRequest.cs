using ChargeCars.Identity.Keys;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Api.Identity;

/// <summary>The body of <c>POST /api/api-keys</c>.</summary>
/// <param name="Name">What people call the key: the program or feed that uses it.</param>
/// <param name="Permissions">What it may do; none that its author lacks.</param>
/// <param name="BusinessEntities">Whose data it sees; null for all.</param>
/// <param name="PartnerOrganizationId">The partner that it is limited to; null for none.</param>
/// <param name="ExpiresAt">When it stops working; null for never.</param>
/// <param name="VehicleIds">The only vehicles that it sees and may send positions for: of a tracker, its own; null for no such limit.</param>
public sealed record ApiKeyRequest(
    string? Name, string[]? Permissions, string[]? BusinessEntities, Guid? PartnerOrganizationId, DateTimeOffset? ExpiresAt, Guid[]? VehicleIds)
{
    private const int MostVehicles = 500;
    private const int LongestName = 200;

    /// <summary>What is wrong with the request in itself; null where nothing is.</summary>
    internal Invalid? Fault(DateTimeOffset now)
    {
        var faults = new Dictionary<string, string[]>(
            new FieldFaults().Text("name", Name, 1..LongestName).Time("expiresAt", ExpiresAt).Invalid?.Fields ?? new Dictionary<string, string[]>());

        if (Permissions is not { Length: > 0 })
        {
            faults["permissions"] = ["must name at least one permission"];
        }

        CheckEach(Permissions, "permissions", Identity.Permissions.All.Contains, "is not a permission; GET /api/permissions lists them");
        if (BusinessEntities is { Length: 0 })
        {
            faults["businessEntities"] = ["must name at least one; leave it out for all"];
        }

        CheckEach(BusinessEntities, "businessEntities", word => WireText.TryParse<BusinessEntity>(word, out _),
            $"is not one of {string.Join(", ", WireText.All<BusinessEntity>())}");
        if (VehicleIds is { Length: 0 or > MostVehicles })
        {
            faults["vehicleIds"] = [$"must name 1 to {MostVehicles}; leave it out for all"];
        }

        if (ExpiresAt <= now && !faults.ContainsKey("expiresAt"))
        {
            faults["expiresAt"] = ["must be in the future"];
        }

        return faults.Count == 0 ? null : new(faults);

        void CheckEach(string?[]? values, string field, Func<string, bool> known, string fault)
        {
            for (var i = 0; i < values?.Length; i++)
            {
                if (values[i] is not { } value || !known(value))
                {
                    faults[$"{field}[{i}]"] = [$"'{values[i]}' {fault}"];
                }
                else if (Array.IndexOf(values, value) < i)
                {
                    faults[$"{field}[{i}]"] = [$"'{value}' is named twice"];
                }
            }
        }
    }

    /// <summary>
    /// What the key could do or see that its author can't, by field; empty where nothing. To be asked only of a request
    /// without a <see cref="Fault"/>.
    /// </summary>
    internal Dictionary<string, string[]> Escalations(Caller author)
    {
        var beyond = new Dictionary<string, string[]>();
        for (var i = 0; i < Permissions!.Length; i++)
        {
            if (!author.Permissions.Contains(Permissions[i]))
            {
                beyond[$"permissions[{i}]"] = [$"you do not have {Permissions[i]} yourself"];
            }
        }

        if (BusinessEntities is null && author.BusinessEntities is not null)
        {
            beyond["businessEntities"] = ["must name business entities, as you do not see all of them yourself"];
        }

        for (var i = 0; i < BusinessEntities?.Length; i++)
        {
            if (!author.Sees(WireText.Parse<BusinessEntity>(BusinessEntities[i])))
            {
                beyond[$"businessEntities[{i}]"] = [$"you do not see {BusinessEntities[i]} yourself"];
            }
        }

        if (VehicleIds is null && author.Vehicles is not null)
        {
            beyond["vehicleIds"] = ["must name vehicles, as you do not see all of them yourself"];
        }

        for (var i = 0; i < VehicleIds?.Length; i++)
        {
            if (!author.SeesVehicle(VehicleIds[i]))
            {
                beyond[$"vehicleIds[{i}]"] = ["you do not see this vehicle yourself"];
            }
        }

        if (author.PartnerOrganizationId is { } partner && PartnerOrganizationId != partner)
        {
            beyond["partnerOrganizationId"] = ["must be your own organization"];
        }

        return beyond;
    }

    /// <summary>The key that a valid request asks for, still without its secret.</summary>
    internal ApiKey ToKey(Guid? authorContactId) => new()
    {
        Name = PlainText.Tidy(Name!),
        Permissions = Permissions!,
        BusinessEntities = BusinessEntities?.Select(WireText.Parse<BusinessEntity>).ToArray(),
        PartnerOrganizationId = PartnerOrganizationId,
        ExpiresAt = ExpiresAt?.ToUniversalTime(),
        CreatedByContactId = authorContactId,
        VehicleIds = VehicleIds?.Distinct().ToArray(),
    };
}
