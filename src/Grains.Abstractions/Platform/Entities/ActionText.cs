using System.Collections.Concurrent;
using System.Text.Json;

namespace ChargeCars.Platform.Entities;

/// <summary>An action's name as routes have it: <c>SubmitQuote</c> is <c>submit-quote</c>.</summary>
public static class ActionText
{
    private static readonly ConcurrentDictionary<Enum, string> Names = new();

    /// <summary>The name of an action.</summary>
    public static string Of<TAction>(TAction action) where TAction : struct, Enum =>
        Names.GetOrAdd(action, static value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

    /// <summary>The action of a name; null where there is none.</summary>
    public static TAction? Find<TAction>(string name) where TAction : struct, Enum =>
        Enum.GetValues<TAction>().Cast<TAction?>().FirstOrDefault(action => Of(action!.Value) == name);
}
