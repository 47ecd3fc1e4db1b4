using System.Text.Json;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Storage;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Orders.Visits;

public sealed class ChecklistTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChecklistTemplate SignOff = SignOffTemplate.Of(new SignOffOptions());

    [Fact]
    public void SignOff_WithItsDefaults_IsSound_AndKeepsTheBoundsOfItsDay()
    {
        var frozen = ChecklistRules.Freeze(SignOff);
        var stricter = SignOffTemplate.Of(new SignOffOptions { TripTimeMaxMs = 200 });

        Assert.Null(ChecklistRules.Check(SignOff));
        Assert.Null(ChecklistRules.Check(stricter));
        Assert.Equal(SignOff.Version, SignOffTemplate.Of(new SignOffOptions()).Version);
        Assert.NotEqual(SignOff.Version, stricter.Version);
        Assert.Equal((SignOff.Version, 300m), (frozen.Version, frozen.Items.Single(item => item.Code == "rcd_trip_time").Maximum));
        Assert.Equal(SignOff.Items.Where(item => item.Required).Select(item => item.Code), Unmet(frozen).Select(line => line.Code));
    }

    [Theory]
    [InlineData("rcd_trip_time", "312.5", "312.5 ms is more than 300 ms")]
    [InlineData("rcd_trip_time", "300", null)]
    [InlineData("insulation_resistance", "0.9", "0.9 MΩ is less than 1 MΩ")]
    [InlineData("insulation_resistance", "999", null)]
    [InlineData("charging_test", "false", "'no' does not pass")]
    [InlineData("charging_test", "true", null)]
    [InlineData("rotating_field", "\"counter-clockwise\"", "'counter-clockwise' does not pass")]
    [InlineData("rotating_field", "\"clockwise\"", null)]
    [InlineData("brand", "\" \"", "an answer is missing")]
    [InlineData("brand", "\" Alfen \"", null)]
    public void Answer_ThatDoesNotPass_IsKept_AndStandsInTheWay(string code, string value, string? unmet)
    {
        var answer = Answer(value) with { Instrument = "Fluke 1664 no. 12" };
        var answers = new Dictionary<string, ChecklistAnswer?> { [code] = answer };
        var checklist = ChecklistRules.Freeze(SignOff);

        Assert.Null(ChecklistAnswers.Check(checklist, answers));
        var merged = ChecklistAnswers.Merge(checklist, answers, null, Now);

        Assert.Equal(unmet, Unmet(merged).FirstOrDefault(line => line.Code == code).Why);
        Assert.Equal(Now, merged.Answers[code].AnsweredAt);
    }

    [Fact]
    public void Answers_ThatAreNone_AreNamedByItem()
    {
        Dictionary<string, ChecklistAnswer?> answers = new()
        {
            ["rcd_trip_time"] = Answer("\"fast\""),
            ["insulation_resistance"] = Answer("1.1234567"),
            ["charging_test"] = Answer("1"),
            ["rcd_type"] = Answer("\"AC\""),
            ["brand"] = Answer("true"),
            ["model"] = Answer($"\"{new string('x', 2_001)}\""),
            ["photo_charger"] = Answer("\"charger.jpg\"") with { PhotoIds = [Guid.Empty] },
            ["voltage"] = Answer("230") with { Instrument = new string('x', 201) },
            ["colour"] = Answer("\"red\""),
            ["fuse"] = null,
        };

        var faults = ChecklistAnswers.Check(ChecklistRules.Freeze(SignOff), answers)!.Fields.ToDictionary(pair => pair.Key, pair => pair.Value[0]);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["checklist.rcd_trip_time.value"] = "must be a number, in ms",
                ["checklist.insulation_resistance.value"] = "must have at most 6 decimals",
                ["checklist.charging_test.value"] = "must be true or false",
                ["checklist.rcd_type.value"] = "must be one of B, A with 6 mA DC detection",
                ["checklist.brand.value"] = "must be a text",
                ["checklist.model.value"] = "must be at most 2000 characters, not 2001",
                ["checklist.photo_charger.value"] = "belongs to no photo: send photoIds",
                ["checklist.photo_charger.photoIds"] = "must hold ids of attachments",
                ["checklist.voltage.instrument"] = "must be at most 200 characters, not 201",
                ["checklist.colour"] = $"is no item of the checklist installation_sign_off, version {SignOff.Version}",
            },
            faults);
    }

    [Fact]
    public void Measurement_WithoutInstrument_AndItemWithoutPhoto_AreMissingThat()
    {
        var item = new ChecklistItem { Code = "label", Label = "Label", Type = ChecklistItemType.Boolean, PhotoRequired = true };
        var checklist = ChecklistRules.Freeze(SignOff) with { Items = [.. SignOff.Items, item] };
        Assert.DoesNotContain(Unmet(checklist), line => line.Code == "label"); // it is not required

        checklist = ChecklistAnswers.Merge(
            checklist,
            new Dictionary<string, ChecklistAnswer?> { ["voltage"] = Answer("230"), ["label"] = Answer("true"), ["photo_charger"] = new() { PhotoIds = [Guid.NewGuid()] } },
            null, Now);

        Assert.Equal("the instrument is missing", Unmet(checklist).Single(line => line.Code == "voltage").Why);
        Assert.Equal("a photo is missing", Unmet(checklist).Single(line => line.Code == "label").Why);
        Assert.DoesNotContain(Unmet(checklist), line => line.Code == "photo_charger");
    }

    [Fact]
    public void Merge_ChangesWhatIsNamed_KeepsWhoSaidTheSameFirst_AndTakesNullAway()
    {
        var (anna, bram) = (Guid.NewGuid(), Guid.NewGuid());
        var first = ChecklistAnswers.Merge(
            ChecklistRules.Freeze(SignOff),
            new Dictionary<string, ChecklistAnswer?> { ["brand"] = Answer("\"Alfen\""), ["model"] = Answer("\"Eve\""), ["fuse"] = Answer("\"B16\"") }, anna, Now);

        var second = ChecklistAnswers.Merge(
            first, new Dictionary<string, ChecklistAnswer?> { ["brand"] = Answer("\"Alfen\""), ["model"] = Answer("\"Eve Double\""), ["fuse"] = null }, bram, Now.AddHours(1));

        Assert.Equal(["brand", "model"], second.Answers.Keys);
        Assert.Equal((anna, Now), (second.Answers["brand"].AnsweredBy, second.Answers["brand"].AnsweredAt));
        Assert.Equal((bram, "Eve Double"), (second.Answers["model"].AnsweredBy, second.Answers["model"].Value!.Value.Text));
        Assert.Equal(3, first.Answers.Count);
    }

    [Fact]
    public void Template_ThatCantWork_IsRefusedByField()
    {
        var template = new ChecklistTemplate
        {
            Code = "Sign-off",
            Name = "",
            Version = "1",
            Items =
            [
                new() { Code = "a", Label = "A", Type = ChecklistItemType.Number, Minimum = 2, Maximum = 1, Choices = ["x"] },
                new() { Code = "a", Label = "", Type = ChecklistItemType.Choice, Choices = ["x"], Accepted = ["y"], Unit = "ms" },
                new() { Code = "b", Label = "B", Type = ChecklistItemType.Text, Expected = true, InstrumentRequired = true },
                new() { Code = "c", Label = "C", Choices = ["x", "x"] },
            ],
        };

        Assert.Equal(
            [
                "code", "items[0].choices", "items[0].maximum", "items[1].accepted", "items[1].choices", "items[1].code", "items[1].label", "items[1].unit",
                "items[2].expected", "items[2].instrumentRequired", "items[3].choices", "items[3].type", "name",
            ],
            ChecklistRules.Check(template)!.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("items", Assert.Single(ChecklistRules.Check(SignOff with { Items = [] })!.Fields).Key);
    }

    [Fact]
    public void Checklist_ThroughTheRowsJson_IsTheSame()
    {
        var checklist = ChecklistAnswers.Merge(
            ChecklistRules.Freeze(SignOff),
            new Dictionary<string, ChecklistAnswer?>
            {
                ["voltage"] = Answer("230.5") with { Note = "L1" }, ["charging_test"] = Answer("true"), ["brand"] = Answer("\"Alfen\""),
                ["photo_charger"] = new() { PhotoIds = [Guid.NewGuid()] },
            },
            Guid.NewGuid(), Now);

        var json = JsonSerializer.Serialize(checklist, RowJson.Options);
        var read = JsonSerializer.Deserialize<Checklist>(json, RowJson.Options)!;

        Assert.Equal(json, JsonSerializer.Serialize(read, RowJson.Options));
        Assert.Equal((230.5m, true, "Alfen"), (read.Answers["voltage"].Value!.Value.Number, read.Answers["charging_test"].Value!.Value.Truth, read.Answers["brand"].Value!.Value.Text));
        Assert.Null(read.Answers["photo_charger"].Value);
        Assert.Equal(ChecklistAnswers.Unmet(checklist), ChecklistAnswers.Unmet(read));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("1e999")]
    public void Value_OfAnotherKind_IsRefused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ChecklistValue>(json, RowJson.Options));

    [Property(MaxTest = 300)]
    public void Answers_AnyThatPassTheCheck_AreMergedAndJudged(int seed)
    {
        var random = new Random(seed);
        var checklist = ChecklistRules.Freeze(SignOff);
        for (var round = 0; round < 3; round++)
        {
            var answers = SignOff.Items.Where(_ => random.Next(2) == 0).ToDictionary(item => item.Code, _ => Any(random));
            var faults = ChecklistAnswers.Check(checklist, answers)?.Fields.Keys.Select(field => field.Split('.')[1]).ToHashSet() ?? [];
            var good = answers.Where(pair => !faults.Contains(pair.Key)).ToDictionary();
            Assert.Null(ChecklistAnswers.Check(checklist, good));

            checklist = ChecklistAnswers.Merge(checklist, good, null, Now);

            Assert.All(good, pair => Assert.Equal(pair.Value is not null, checklist.Answers.ContainsKey(pair.Key)));
            Assert.Equal(Unmet(checklist).Select(line => line.Code).Distinct(), Unmet(checklist).Select(line => line.Code));
        }
    }

    [Fact]
    public void SignOffOptions_ThatCantWork_AreRefusedByKey()
    {
        var failures = new SignOffOptions.Validator().Validate(null, new() { TripTimeMaxMs = 0, VoltageMin = 260 }).Failures!.ToList();

        Assert.Equal(["ChargeCars:SignOff:TripTimeMaxMs", "ChargeCars:SignOff:VoltageMin"], failures.Select(fault => fault.Split(' ')[0]));
        Assert.True(new SignOffOptions.Validator().Validate(null, new() { InsulationMinMegaohm = null }).Succeeded);
    }

    private static ChecklistAnswer? Any(Random random) => random.Next(7) switch
    {
        0 => null,
        1 => new() { Value = ChecklistValue.Of(random.Next(2) == 0) },
        2 => new() { Value = ChecklistValue.Of(random.Next(-10, 1_000) / 10m), Instrument = random.Next(2) == 0 ? "Fluke" : null },
        3 => new() { Value = ChecklistValue.Of(((string[])["B", "clockwise", "counter-clockwise", "works", "1×", ""])[random.Next(6)]) },
        4 => new() { PhotoIds = [Guid.NewGuid()] },
        5 => new() { Note = "later" },
        _ => new(),
    };

    private static ChecklistAnswer Answer(string json) => new() { Value = JsonSerializer.Deserialize<ChecklistValue>(json, RowJson.Options) };

    private static List<(string Code, string Why)> Unmet(Checklist checklist) =>
        [.. ChecklistAnswers.Unmet(checklist).Select(line => (line[(line.LastIndexOf("): ", StringComparison.Ordinal) is var end ? line.LastIndexOf('(', end) + 1 : 0)..end], line[(end + 3)..]))];
}
