using ChargeCars.Conversations.Providers;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Lines;

namespace ChargeCars.Telephony.Aircall;

/// <summary>What an event of Aircall's comes to.</summary>
internal abstract record AircallReading;

/// <summary>It says something of a call.</summary>
internal sealed record CallReading(CallEvent Event) : AircallReading;

/// <summary>It says something of an agent.</summary>
internal sealed record AgentReading(AgentEvent Event) : AircallReading;

/// <summary>It says something of a business number.</summary>
internal sealed record LineReading(LineEvent Event) : AircallReading;

/// <summary>A text message, or news of one: Conversations reads it (<c>AircallMessages</c>).</summary>
internal sealed record MessageReading : AircallReading;

/// <summary>Something else that Aircall made of a call is there, such as an evaluation. Kept raw.</summary>
/// <param name="CallId">The call's id.</param>
/// <param name="Topic">Which, such as <c>call_evaluation</c>.</param>
internal sealed record InsightReading(string CallId, string Topic) : AircallReading;

/// <summary>Known by name, and without effect here: contacts, teams, analytics. Kept raw.</summary>
internal sealed record OtherReading : AircallReading;

/// <summary>An event that this program does not know, or one without the id it needs. Kept raw, and counted.</summary>
/// <param name="Reason">For a log: what was not understood.</param>
internal sealed record UnknownReading(string Reason) : AircallReading;
