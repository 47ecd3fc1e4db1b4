using ChargeCars.Api.Identity;
using ChargeCars.Api.Relations;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Alerts;

/// <summary>Somebody who can see to an alert.</summary>
/// <param name="ContactId">The person.</param>
/// <param name="Name">What they are called.</param>
public sealed record AlertColleague(Guid ContactId, string Name);

/// <summary>The answer of <c>GET /api/alerts/colleagues</c>.</summary>
/// <param name="Items">By name.</param>
public sealed record AlertColleagueList(IReadOnlyList<AlertColleague> Items);

/// <summary>Reads the people to whom an alert can be given: those who may sign in and see to alerts.</summary>
internal sealed class AlertColleagues(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Those whom the caller sees, by name.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="alert">The alert that is to be given: those alone who see it; null for all.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<AlertColleagueList> ListAsync(Caller caller, Guid? alert, CancellationToken cancellation)
    {
        var text = new ScopeText();
        var known = text.Any(RelationScope.ContactAlternatives(text, caller, "c."));
        var colleagues = await ReadAsync(parameters => known?.AddTo(parameters) ?? "true", cancellation);
        if (alert is { } id)
        {
            colleagues = await SeeingAsync(colleagues, id, cancellation);
        }

        return new([.. colleagues.Select(user => new AlertColleague(user.ContactId, $"{user.FirstName} {user.LastName}".Trim()))]);
    }

    /// <summary>Whether a person sees an alert and may act on it, and so can be given it.</summary>
    public async Task<bool> CanBeGivenAsync(Guid contact, Guid alert, CancellationToken cancellation)
    {
        var person = await ReadAsync(
            parameters =>
            {
                parameters.Add(Sql.Uuid(contact));
                return $"c.id = ${parameters.Count}";
            },
            cancellation);
        return (await SeeingAsync(person, alert, cancellation)).Count > 0;
    }

    private async Task<IReadOnlyList<SignedInUser>> ReadAsync(Func<NpgsqlParameterCollection, string> which, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Date(BusinessYear.DateOf(time.GetUtcNow())));
        command.CommandText = $"{SignedInUser.SelectAll} AND ({which(command.Parameters)}) ORDER BY trim(concat_ws(' ', c.first_name, c.last_name)), c.id";
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var people = new List<SignedInUser>();
        while (await row.ReadAsync(cancellation))
        {
            var user = SignedInUser.Read(row);
            // What needs somebody is the company's own affair: a partner sees no alerts.
            if (user.Caller.PartnerOrganizationId is null && user.Caller.Permissions.Contains(Permissions.AlertsWrite))
            {
                people.Add(user);
            }
        }

        return people;
    }

    /// <summary>Those of them who see an alert, by one round trip.</summary>
    private async Task<IReadOnlyList<SignedInUser>> SeeingAsync(IReadOnlyList<SignedInUser> people, Guid alert, CancellationToken cancellation)
    {
        if (people.Count == 0)
        {
            return people;
        }

        await using var batch = source.CreateBatch();
        foreach (var person in people)
        {
            var question = new NpgsqlBatchCommand { Parameters = { Sql.Uuid(alert) } };
            question.CommandText = $"SELECT EXISTS (SELECT FROM alert WHERE id = $1 AND ({AlertScope.Visible(person.Caller).AddTo(question.Parameters)}))";
            batch.BatchCommands.Add(question);
        }

        await using var answer = await batch.ExecuteReaderAsync(cancellation);
        var seeing = new List<SignedInUser>();
        foreach (var person in people)
        {
            await answer.ReadAsync(cancellation);
            if (answer.GetBoolean(0))
            {
                seeing.Add(person);
            }

            await answer.NextResultAsync(cancellation);
        }

        return seeing;
    }
}
