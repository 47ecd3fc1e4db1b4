using ChargeCars.Conversations.Templates;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Templates;

/// <summary>What a template may say, and what it says.</summary>
public sealed class TemplateTextTests
{
    private static readonly Dictionary<string, string?> Values = new()
    {
        ["customer.first_name"] = "Ën {{ order.number }}", ["order.number"] = "CC-2026-00001", ["arrival.from"] = "10:05", ["arrival.until"] = "10:25", ["van.name"] = null,
    };

    [Theory]
    [InlineData("Beste {{ customer.first_name }}, tot {{arrival.until}}.", "Beste Ën {{ order.number }}, tot 10:25.")]
    [InlineData("{% if van.name %}Met {{ van.name }}.{% else %}Met een bus.{% endif %}", "Met een bus.")]
    [InlineData("{% unless van.name %}-{% endunless %}{% if order.number == 'CC-2026-00001' %}!{% endif %}", "-!")]
    [InlineData("{{ van.name | default: 'een bus' | upcase }}", "EEN BUS")]
    [InlineData("{{ order.number | downcase | strip }}{% comment %} {{ order.number }} {% endcomment %}", "cc-2026-00001")]
    [InlineData("<b>{{ arrival.from }}</b> & { niets }", "<b>10:05</b> & { niets }")]
    public async Task Text_WithItsValues_IsWhatItSays(string template, string expected)
    {
        var (text, missing) = await Read(template).RenderAsync(Values);

        Assert.Equal((expected, 0), (text, missing.Count));
    }

    [Theory]
    [InlineData("{{ van.name }}", "van.name")]
    [InlineData("{{ van.license_plate }} {{ van.name | upcase }} {{ arrival.from }} {{ van.name }}", "van.license_plate,van.name")]
    [InlineData("{% if arrival.from %}{{ company.name }}{% else %}{{ van.name }}{% endif %}", "company.name")]
    public async Task Variable_ThatIsShownAndHasNoValue_IsNamed(string template, string expected) =>
        Assert.Equal(expected, string.Join(',', (await Read(template).RenderAsync(Values)).Missing));

    [Theory]
    [InlineData("{{ customer.firstname }}", "customer.firstname")]
    [InlineData("{{ now }}", "names now")]
    [InlineData("{{ order }}", "names order")]
    [InlineData("{{ order['number'] }}", "brackets")]
    [InlineData("{{ order.number.size }}", "order.number.size")]
    [InlineData("{% if secret.key %}x{% endif %}", "secret.key")]
    [InlineData("{{ order.number | default: settings.key }}", "settings.key")]
    [InlineData("{{ order.number | append: order.number }}", "append")]
    [InlineData("{{ order.number | sha1 }}", "sha1")]
    [InlineData("{% for i in (1..1000000000) %}x{% endfor %}", "for")]
    [InlineData("{% assign a = 'x' %}", "assign")]
    [InlineData("{% include 'file' %}", "include")]
    [InlineData("{% render 'file' %}", "render")]
    [InlineData("{% capture a %}x{% endcapture %}", "capture")]
    [InlineData("{% if order.number %}", "endif")]
    [InlineData("{{ order.number", "not closed")]
    [InlineData("{% if (1..3) contains 2 %}x{% endif %}", "")]
    public void Template_ThatReachesForMore_IsRefused(string template, string word)
    {
        var (text, fault) = TemplateText.Read(template);

        Assert.Null(text);
        Assert.Contains(word, fault, StringComparison.Ordinal);
    }

    /// <summary>None of these may take long, or take the process with it.</summary>
    [Fact]
    public void Template_OfGreatDepthOrLength_IsRefusedAtOnce()
    {
        string[] bombs =
        [
            new('x', TemplateText.Longest + 1), string.Concat(Enumerable.Repeat("{% if order.number %}", 238)), string.Concat(Enumerable.Repeat("{{", 2_500)),
            $"{{{{ {new string('[', 2_400)}order{new string(']', 2_400)} }}}}", $"{{{{ {new string('(', 190)}1 }}}}", string.Concat(Enumerable.Repeat("{{ order.number }}", 270)),
            $"{{{{ order.number {string.Concat(Enumerable.Repeat("| upcase ", 400))}}}}}", string.Concat(Enumerable.Repeat("{%", 2_500)),
        ];

        Assert.All(bombs, bomb => Assert.NotNull(TemplateText.Read(bomb).Fault));
    }

    [Property(MaxTest = 300)]
    public bool Text_OfAnyKind_IsRenderedOrRefused_AndNothingIsThrown(string any)
    {
        foreach (var template in new[] { any ?? "", $"{{{{ {any} }}}}", $"{{% {any} %}}", $"{{% if {any} %}}x{{% endif %}}", $"{any}{{{{ order.number }}}}" })
        {
            var (text, fault) = TemplateText.Read(template);
            if (text is null == fault is null || (text is not null && text.Variables.Except(TemplateVariables.All).Any()))
            {
                return false;
            }

            // What could be read can be rendered, whatever is known.
            _ = text?.RenderAsync(Values).AsTask().GetAwaiter().GetResult();
            _ = text?.RenderAsync(new Dictionary<string, string?>()).AsTask().GetAwaiter().GetResult();
        }

        return true;
    }

    /// <summary>Strict: with any set of values, a text is whole or says what it lacks.</summary>
    [Property(MaxTest = 200)]
    public bool Text_OfEveryVariable_LacksExactlyThoseWithoutAValue(bool[] known)
    {
        var all = TemplateVariables.All;
        var values = all.Select((name, i) => (name, Value: known?.Length > 0 && known[i % known.Length] ? $"<{name}>" : null)).ToDictionary(pair => pair.name, pair => pair.Value);
        var (text, missing) = Read(string.Concat(all.Select(name => $"{{{{ {name} }}}};"))).RenderAsync(values).AsTask().GetAwaiter().GetResult();
        return missing.ToHashSet().SetEquals(values.Where(pair => pair.Value is null).Select(pair => pair.Key))
            && text == string.Concat(all.Select(name => $"{values[name]};"));
    }

    [Theory]
    [InlineData("2026-03-02T08:07:00Z", "maandag 2 maart", "Monday 2 March", "09:07")]
    [InlineData("2026-06-30T22:30:00Z", "woensdag 1 juli", "Wednesday 1 July", "00:30")]
    public void Moments_AreToldByTheClockOnTheWall(string moment, string dutch, string english, string time)
    {
        var at = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal((dutch, english, time), (TemplateWords.Day(at, TemplateLanguage.Nl), TemplateWords.Day(at, TemplateLanguage.En), TemplateWords.Time(at)));
    }

    [Fact]
    public void Arrival_IsToldInFives_AndHoldsWhatWasExpected()
    {
        var at = new DateTimeOffset(2026, 11, 30, 10, 2, 31, TimeSpan.Zero);

        Assert.Equal(
            new ToldArrival(at.Date.AddHours(10).ToOffset(), at.Date.AddHours(10).AddMinutes(20).ToOffset(), at.Date.AddHours(10).AddMinutes(10).ToOffset()),
            ToldArrival.Of(at, at.AddMinutes(8), at.AddMinutes(17)));
    }

    private static TemplateText Read(string template)
    {
        var (text, fault) = TemplateText.Read(template);
        Assert.Null(fault);
        return text!;
    }
}

file static class Times
{
    public static DateTimeOffset ToOffset(this DateTime utc) => new(utc, TimeSpan.Zero);
}
