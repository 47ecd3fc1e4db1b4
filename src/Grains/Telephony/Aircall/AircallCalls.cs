using System.Globalization;
using System.Text.Json;
using ChargeCars.Platform.Reading;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Aircall;

/// <summary>Aircall's call, as its events carry it and as its API answers it; the two differ in a few names.</summary>
internal static class AircallCalls
{
    private const int MaxId = 64;
    private const int MaxName = 500;
    private const int MaxComment = 10_000;
    private const int MaxListed = 1_000;

    /// <summary>Null where it has no id.</summary>
    public static CallEvent? Read(JsonElement data, CallEventKind kind, DateTimeOffset at) => data.Text("id", MaxId) is { } id
        ? new()
        {
            CallId = id,
            Kind = kind,
            At = at,
            CallUuid = data.Text("call_uuid", 200) ?? data.Text("sid", 200),
            DirectLink = data.Text("direct_link"),
            Direction = WireText.TryParse<CallDirection>(data.Text("direction", 20) ?? "", out var direction) ? direction : null,
            IsDone = data.Text("status", 20) is "done",
            StartedAt = data.Member("started_at").Time(),
            AnsweredAt = data.Member("answered_at").Time(),
            EndedAt = data.Member("ended_at").Time(),
            Duration = data.Member("duration").Integer(),
            RawDigits = data.Text("raw_digits", 100),
            MissedCallReason = data.Text("missed_call_reason", 200),
            HangupCause = data.Text("hangup_cause", 200),
            Cost = Dollars(data.Member("cost").Number()),
            Asset = data.Text("asset"),
            RecordingUrl = data.Text("recording"),
            VoicemailUrl = data.Text("voicemail"),
            Line = Line(data.Member("number")),
            Agent = Person(data.Member("user")),
            AssignedTo = Person(data.Member("assigned_to")),
            TransferredBy = Person(data.Member("transferred_by")),
            TransferredTo = Person(data.Member("transferred_to")),
            IsArchived = kind == CallEventKind.Archived ? true : data.Member("archived").Truth(),
            Teams = [.. data.Member("teams").Items().Select(Team).OfType<CallTeam>()],
            Tags = [.. data.Member("tags").Items(MaxListed).Select(Tag).OfType<CallTag>()],
            HasAllTags = kind == CallEventKind.Untagged || (kind == CallEventKind.Snapshot && IsWhole(data.Member("tags"))),
            Comments = [.. data.Member("comments").Items(MaxListed).Select(Comment).OfType<CallComment>()],
            HasAllComments = kind == CallEventKind.Snapshot && IsWhole(data.Member("comments")),
            IvrOptions = [.. data.Member("ivr_options_selected").Items().Select(Choice).OfType<IvrChoice>()],
        }
        : null;

    /// <summary>A user; null where nothing tells which.</summary>
    public static CallPerson? Person(JsonElement? user)
    {
        var (name, email) = (user.Text("name", MaxName), user.Text("email", MaxName));
        return (user.Text("id", MaxId) ?? email ?? name) is { } key ? new(key, name, email) : null;
    }

    /// <summary>A business number; null where nothing tells which.</summary>
    public static CallLine? Line(JsonElement? number)
    {
        var (name, digits) = (number.Text("name", MaxName), number.Text("digits", 100));
        return (number.Text("id", MaxId) ?? digits ?? name) is { } key ? new(key, name, digits) : null;
    }

    // What lists nothing at all says nothing of what was taken off.
    private static bool IsWhole(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() <= MaxListed;

    private static CallTeam? Team(JsonElement team)
    {
        var name = team.Text("name", MaxName);
        return (team.Text("id", MaxId) ?? name) is { } key ? new(key, name) : null;
    }

    private static CallTag? Tag(JsonElement tag)
    {
        var name = tag.Text("name", MaxName);
        return (tag.Text("id", MaxId) ?? name) is { } key ? new(key, name) : null;
    }

    private static CallComment? Comment(JsonElement comment)
    {
        if (comment.Text("content", MaxComment) is not { } content)
        {
            return null;
        }

        var (at, by) = (comment.Member("posted_at").Time(), comment.Member("posted_by"));
        var id = comment.Text("id", MaxId)
            ?? NameBasedId.Of(string.Create(CultureInfo.InvariantCulture, $"{at?.ToUnixTimeMilliseconds()}\n{content}")).ToString();
        return new(id, content, at, by.Text("name", MaxName) ?? by.Text("email", MaxName) ?? by.Text(MaxName));
    }

    private static IvrChoice? Choice(JsonElement choice)
    {
        var read = new IvrChoice(
            choice.Text("id", MaxId), choice.Text("title", MaxName), choice.Text("key", MaxId), choice.Text("branch", MaxName),
            choice.Member("created_at").Time());
        return read == new IvrChoice(null, null, null, null, null) ? null : read;
    }

    // Aircall states US cents, as text with a fraction.
    private static decimal? Dollars(decimal? cents) => cents is >= -1_000_000_000 and <= 1_000_000_000 ? cents / 100 : null;
}
