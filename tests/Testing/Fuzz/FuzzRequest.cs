using System.Text;

namespace ChargeCars.Testing.Fuzz;

/// <summary>Whose credentials a request carries.</summary>
public enum FuzzCaller
{
    /// <summary>A person's who may do everything.</summary>
    Person,

    /// <summary>A program's that may do everything.</summary>
    Program,

    /// <summary>None, or what is no credential.</summary>
    Nobody,
}

/// <summary>One request, wrong or right.</summary>
public sealed class FuzzRequest
{
    /// <summary>The route that it was made of.</summary>
    public required ApiRoute Route { get; init; }

    public required string Method { get; set; }

    /// <summary>As it is sent: escaped, or not as it should be.</summary>
    public required string PathAndQuery { get; set; }

    public FuzzCaller Caller { get; set; }

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[]? Body { get; set; }

    public string? ContentType { get; set; }

    /// <summary>In words, for who wants to send it again.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Method} {Short(PathAndQuery)} as {Caller}");
        foreach (var (name, value) in Headers)
        {
            text.Append($"\n  {name}: {Short(value)}");
        }

        if (ContentType is not null)
        {
            text.Append($"\n  Content-Type: {ContentType}");
        }

        return Body is null ? text.ToString() : text.Append($"\n  {Short(Encoding.Latin1.GetString(Body))}").ToString();
    }

    private static string Short(string text) => text.Length <= 700 ? text : $"{text[..500]}… {text.Length} characters … {text[^150..]}";
}
