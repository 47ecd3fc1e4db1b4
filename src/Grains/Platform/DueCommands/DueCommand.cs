using System.Reflection;

namespace ChargeCars.Platform.DueCommands;

/// <summary>
/// Something that follows from a command and is another's to do: another entity's command, or a sender's. It is written in the
/// command's transaction and has one effect, whatever dies in between.
/// </summary>
/// <param name="TargetId">Whom it is for; for one target they are carried out in the order in which they were written.</param>
/// <param name="Command">What to do: a record with an alias, by which it is stored.</param>
public sealed record DueCommand(Guid TargetId, object Command)
{
    /// <summary>When, UTC; null: at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>
    /// Names the one obligation of its kind that an entity has at a time, such as <c>quote-expiry:&lt;id&gt;</c>: a later one replaces it,
    /// and an outcome may withdraw it. Null where each stands for itself.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The name under which commands of a type are stored.</summary>
    public static string KindOf(Type command) => command.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias
        ?? throw new InvalidOperationException($"{command} needs an [Alias]: it is the name under which it is stored until it is due.");
}
