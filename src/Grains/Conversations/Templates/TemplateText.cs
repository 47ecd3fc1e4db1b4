using System.Globalization;
using Fluid;
using Fluid.Ast;

namespace ChargeCars.Conversations.Templates;

/// <summary>
/// A text with places for what differs: a small part of Liquid. It has no loop, no assignment, no file and no object, only the texts of
/// <see cref="TemplateVariables"/>, so that rendering takes one pass over a short text, and there is nothing else to read.
/// </summary>
internal sealed class TemplateText
{
    /// <summary>The longest template, characters.</summary>
    public const int Longest = 5_000;

    /// <summary>The most places and tags in one.</summary>
    public const int MostTags = 200;

    /// <summary>The longest place or tag, characters. It bounds how deep an expression nests.</summary>
    public const int LongestTag = 200;

    private static readonly string[] Tags = ["if", "unless", "comment"];
    private static readonly string[] Filters = ["default", "upcase", "downcase", "capitalize", "strip"];
    private static readonly FluidParser Parser = OfFewTags();
    private static readonly TemplateOptions Options = new()
    {
        CultureInfo = CultureInfo.InvariantCulture, MaxSteps = 2_000, ModelNamesComparer = StringComparer.Ordinal,
    };

    private readonly IFluidTemplate _template;

    private TemplateText(IFluidTemplate template, Reading reading) => (_template, Variables, Ordered) = (template, reading.Variables, reading.Ordered);

    /// <summary>Every variable that it names.</summary>
    public IReadOnlySet<string> Variables { get; }

    /// <summary>The same in the order in which it names them first.</summary>
    public IReadOnlyList<string> Ordered { get; }

    /// <summary>Reads a template, or says what is wrong with it, as the fault of a field.</summary>
    public static (TemplateText? Text, string? Fault) Read(string text)
    {
        if (text.Length > Longest)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"must be at most {Longest} characters"));
        }

        if (Shape(text) is { } misshapen)
        {
            return (null, misshapen);
        }

        if (!Parser.TryParse(text, out var template, out var error) || template is null)
        {
            return (null, $"is no template: {Line(error ?? "it can't be read")}");
        }

        var reading = new Reading();
        reading.VisitTemplate(template);
        return reading.Fault is { } fault ? (null, fault) : (new(template, reading), null);
    }

    /// <summary>Renders it; names every variable that it shows and that has no value: then the text is not fit to be sent.</summary>
    public async ValueTask<(string Text, IReadOnlyList<string> Missing)> RenderAsync(IReadOnlyDictionary<string, string?> values)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var context = new TemplateContext(Options);
        foreach (var group in TemplateVariables.All.GroupBy(variable => variable[..variable.IndexOf('.', StringComparison.Ordinal)]))
        {
            context.SetValue(group.Key, new VariableGroup(group.Key, values, missing));
        }

        var text = await _template.RenderAsync(context);
        return (text, [.. missing]);
    }

    // Before the parser, which goes one call deeper for each bracket and each block.
    private static string? Shape(string text)
    {
        var tags = 0;
        for (var at = 0; (at = Next(text, at)) >= 0;)
        {
            var end = text.IndexOf(text[at + 1] == '{' ? "}}" : "%}", at + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                return $"has a {text.Substring(at, 2)} that is not closed";
            }

            if (end - at > LongestTag || text.AsSpan(at, end - at).Count('[') + text.AsSpan(at, end - at).Count('(') > 5)
            {
                return string.Create(CultureInfo.InvariantCulture, $"has a place of more than {LongestTag} characters, or with too many brackets");
            }

            if (++tags > MostTags)
            {
                return string.Create(CultureInfo.InvariantCulture, $"must hold at most {MostTags} places and tags");
            }

            at = end + 2;
        }

        return null;
    }

    private static int Next(string text, int from)
    {
        for (var at = text.IndexOf('{', from); at >= 0 && at + 1 < text.Length; at = text.IndexOf('{', at + 1))
        {
            if (text[at + 1] is '{' or '%')
            {
                return at;
            }
        }

        return -1;
    }

    private static FluidParser OfFewTags()
    {
        var parser = new FluidParser();
        foreach (var tag in parser.RegisteredTags.Keys.Except(Tags).ToList())
        {
            parser.RegisteredTags.Remove(tag);
        }

        return parser;
    }

    private static string Line(string error)
    {
        var line = error.ReplaceLineEndings(" ").Trim();
        return line.Length > 200 ? line[..200] : line;
    }

    /// <summary>What a template names: of variables and filters only those that there are.</summary>
    private sealed class Reading : AstVisitor
    {
        public HashSet<string> Variables { get; } = new(StringComparer.Ordinal);

        public List<string> Ordered { get; } = [];

        public string? Fault { get; private set; }

        protected override Expression VisitMemberExpression(MemberExpression memberExpression)
        {
            var name = memberExpression.Segments.All(segment => segment is IdentifierSegment)
                ? string.Join('.', memberExpression.Segments.Cast<IdentifierSegment>().Select(segment => segment.Identifier))
                : null;
            if (name is not null && TemplateVariables.Known.Contains(name))
            {
                if (Variables.Add(name))
                {
                    Ordered.Add(name);
                }
            }
            else
            {
                Fault ??= $"names {name ?? "something in brackets"}, which there is not: known are {string.Join(", ", TemplateVariables.All)}";
            }

            return memberExpression;
        }

        protected override Expression VisitFilterExpression(FilterExpression filterExpression)
        {
            if (!Filters.Contains(filterExpression.Name))
            {
                Fault ??= $"uses {filterExpression.Name}, which there is not: known are {string.Join(", ", Filters)}";
            }

            return base.VisitFilterExpression(filterExpression);
        }

        protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
        {
            Fault ??= "holds a range, which has no use here";
            return rangeExpression;
        }
    }
}
