using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ChargeCars.Platform.Entities;

/// <summary>A command's own name as words, such as "Set working hours": what the audit says where nobody gave a reason.</summary>
internal static partial class CommandName
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    public static string Of(object command) => Names.GetOrAdd(command.GetType(), static type =>
        WordStart().Replace(type.Name.Split('`')[0], static start => $" {start.Value.ToLowerInvariant()}"));

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
