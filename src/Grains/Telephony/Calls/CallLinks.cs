using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>Whom the numbers of a call belong to.</summary>
/// <param name="BusinessPhoneNumberId">The business number, by Aircall's id of it.</param>
/// <param name="BusinessEntity">The name that the number speaks for.</param>
/// <param name="PhoneNumberId">The other party's number; null where nobody's or several people's.</param>
internal readonly record struct CallLinks(Guid? BusinessPhoneNumberId, BusinessEntity? BusinessEntity, Guid? PhoneNumberId);

/// <summary>Looks the numbers of a call up.</summary>
internal sealed class CallDirectory(NpgsqlDataSource source)
{
    // Of a number that is several people's, none is chosen: the row would name somebody who may never have called.
    private const string Select = """
        SELECT own.id, named.entity_code,
            (SELECT min(theirs.id::text)::uuid FROM phone_number theirs WHERE theirs.phone_number = $2 HAVING count(*) = 1)
        FROM (SELECT $1::text AS aircall_id) asked
        LEFT JOIN business_phone_number own ON own.aircall_id = asked.aircall_id
        LEFT JOIN business_entity named ON named.id = own.business_entity_id
        """;

    /// <summary>The links of a call; those that it has stay as long as its numbers do.</summary>
    /// <param name="before">The call before an event; null before the first.</param>
    /// <param name="after">The call after it.</param>
    public async Task<CallLinks> FindAsync(Call? before, Call after)
    {
        var (line, caller) = (
            before?.BusinessPhoneNumberId is not null && before.Line?.Id == after.Line?.Id,
            before?.PhoneNumberId is not null && before.CallerNumber == after.CallerNumber);
        if ((line || after.Line is null) && (caller || after.CallerNumber is null))
        {
            return new(line ? before!.BusinessPhoneNumberId : null, line ? before!.BusinessEntity : null, caller ? before!.PhoneNumberId : null);
        }

        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Text(after.Line?.Id));
        command.Parameters.Add(Sql.Text(after.CallerNumber));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        var entity = row.Optional<string>(1) is { } code && WireText.TryParse<BusinessEntity>(code, out var known) ? known : (BusinessEntity?)null;
        return new(
            line ? before!.BusinessPhoneNumberId : row.OptionalValue<Guid>(0),
            line ? before!.BusinessEntity : entity,
            caller ? before!.PhoneNumberId : row.OptionalValue<Guid>(2));
    }
}
