using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace ChargeCars.Api.Platform.Http;

/// <summary>
/// What is wrong with a body that the framework could not read. The framework speaks of .NET types, parameters and bytes; the reader
/// knows JSON and the fields of the API.
/// </summary>
internal static partial class BodyFaults
{
    private const string Object = "must be a JSON object with the fields of this request";

    /// <summary>The answer to a request that was given up while it was read.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="endpoint">The endpoint that the request was for; null where there was none.</param>
    public static IResult AnswerTo(BadHttpRequestException fault, Endpoint? endpoint) => fault switch
    {
        { InnerException: JsonException json } => ProblemAnswers.From(Explain(json)),
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => ProblemAnswers.TooLarge(endpoint),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => ProblemAnswers.Of(
            fault.StatusCode, "media-type", "The content type is not known here", IsOurs(fault) ? fault.Message : $"Send {Accepted(endpoint)}."),
        { StatusCode: StatusCodes.Status408RequestTimeout } => Unreadable(fault.StatusCode, "The body came too slowly. Send the request again."),
        _ when IsOurs(fault) => Unreadable(fault.StatusCode, fault.Message),
        _ when IsMissingBody(fault) => ProblemAnswers.From(Invalid.Field("body", Object)),
        _ => Unreadable(fault.StatusCode, "The request broke off, or is not HTTP as it should be. Send it again as a whole."),
    };

    /// <summary>The field that a body has a fault in, and which.</summary>
    public static Invalid Explain(JsonException fault)
    {
        var (field, text) = (FieldOf(fault.Path), WithoutPath(fault.Message));
        if (IsOurs(fault))
        {
            return Invalid.Field(field, text);
        }

        if (Duplicate().Match(text) is { Success: true } twice)
        {
            var name = twice.Groups[1].Value;
            return Invalid.Field(field == "body" ? name : field == name || field.EndsWith($".{name}", StringComparison.Ordinal) ? field : $"{field}.{name}",
                JsonText.Twice);
        }

        if (text.StartsWith("Duplicate propert", StringComparison.Ordinal))
        {
            return Invalid.Field(field, "has a field that is given more than once; give each once");
        }

        if (Missing().Match(text) is { Success: true } missing)
        {
            return Invalid.Field(field, $"lacks {missing.Groups[1].Value.TrimEnd('.')}");
        }

        return Invalid.Field(field, text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "is not a field that can be set here"
            : text.Contains("null values", StringComparison.Ordinal) ? "must not be null"
            : text.Contains("depth", StringComparison.Ordinal) ? "is nested too deeply: at most 64 objects and lists may lie within one another"
            : NotConverted().Match(text) is { Success: true } type ? Expected(type.Groups[1].Value, field)
            : NotJson(fault));
    }

    // System.Text.Json's path: $.equipmentList.equipment[0].category → equipmentList.equipment[0].category
    private static string FieldOf(string? path) => path switch
    {
        { Length: > 2 } when path.StartsWith("$.", StringComparison.Ordinal) => path[2..],
        { Length: > 2 } when path.StartsWith("$[", StringComparison.Ordinal) => path[1..],
        _ => "body",
    };

    private static string WithoutPath(string message) =>
        message.IndexOf(" Path: ", StringComparison.Ordinal) is var end and > 0 ? message[..end] : message;

    // The outermost type decides: a list of texts is a list.
    private static string Expected(string type, string field) => Bare(type) switch
    {
        var list when list.EndsWith("[]", StringComparison.Ordinal) || Lists().IsMatch(list) => "must be a list",
        "System.String" => "must be whole Unicode text in UTF-8",
        "System.Int32" => "must be a whole number from -2147483648 to 2147483647",
        "System.Int64" => "must be a whole number",
        "System.Int16" or "System.Byte" => "must be a small whole number",
        "System.Decimal" or "System.Double" or "System.Single" => "must be a number",
        "System.Boolean" => "must be true or false",
        "System.Guid" => "must be a uuid",
        "System.DateOnly" => "must be a date, yyyy-MM-dd",
        "System.TimeOnly" => "must be a time of day, HH:mm",
        _ => field == "body" ? Object : "must be a JSON object with fields",
    };

    private static string Bare(string type) => Nullable().Match(type) is { Success: true } nullable ? nullable.Groups[1].Value : type;

    private static string NotJson(JsonException fault) => fault is { LineNumber: { } line, BytePositionInLine: { } position }
        ? string.Create(CultureInfo.InvariantCulture, $"is not whole JSON: look at line {line + 1}, byte {position + 1}")
        : "is not whole JSON";

    private static string Accepted(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<IAcceptsMetadata>() is { ContentTypes: [_, ..] types }
        ? string.Join(" or ", types)
        : "application/json";

    // "Required parameter … was not provided from body", "Implicit body inferred … but no body was provided": also said of the body null.
    private static bool IsMissingBody(BadHttpRequestException fault) => fault.InnerException is null && fault.Message.Contains("provided", StringComparison.Ordinal);

    // The assembly that threw it.
    private static bool IsOurs(Exception fault) => fault.Source?.StartsWith("ChargeCars", StringComparison.Ordinal) == true;

    private static IResult Unreadable(int status, string detail) => ProblemAnswers.Of(status, "bad-request", "The request can't be read", detail);

    [GeneratedRegex("^Duplicate property '(.+)' encountered")]
    private static partial Regex Duplicate();

    [GeneratedRegex("was missing required properties including: (.+)$")]
    private static partial Regex Missing();

    [GeneratedRegex(@"could not be converted to (.+?)\.?$")]
    private static partial Regex NotConverted();

    [GeneratedRegex(@"^System\.Collections\.Generic\.(IReadOnlyList|List|IList|IEnumerable|IReadOnlyCollection|ICollection|IReadOnlySet|HashSet|ISet)`1")]
    private static partial Regex Lists();

    [GeneratedRegex(@"^System\.Nullable`1\[(.+)\]$")]
    private static partial Regex Nullable();
}
