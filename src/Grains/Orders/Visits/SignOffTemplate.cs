using System.Security.Cryptography;
using System.Text.Json;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Orders.Visits;

/// <summary>The sign-off of an installation, the default checklist: look before measuring, photos, measurements, what is recorded.</summary>
public static class SignOffTemplate
{
    /// <summary>Its code.</summary>
    public const string Code = "installation_sign_off";

    /// <summary>The template with its bounds. Its version follows from its items: another bound is another version.</summary>
    public static ChecklistTemplate Of(SignOffOptions options)
    {
        ChecklistItem[] items = [.. Inspection(), .. Photos(), .. Measurements(options), .. Records()];
        var content = JsonSerializer.SerializeToUtf8Bytes(items, RowJson.Options);
        return new()
        {
            Code = Code,
            Name = "Sign-off of an installation",
            Version = Convert.ToHexStringLower(SHA256.HashData(content))[..12],
            Items = items,
        };
    }

    private static IEnumerable<ChecklistItem> Inspection()
    {
        const string Group = "Inspection";
        yield return Truth("visual_inspection", "Looked at enclosures, terminals, cable and labels before measuring", Group);
    }

    private static IEnumerable<ChecklistItem> Photos()
    {
        yield return Photo("photo_meter_cupboard_before", "Meter cupboard before");
        yield return Photo("photo_meter_cupboard_after", "Meter cupboard after");
        yield return Photo("photo_group_label", "Own group with its label");
        yield return Photo("photo_cable_route", "Cable route");
        yield return Photo("photo_charger", "Mounted charger");
        yield return Photo("photo_type_plate", "Type plate");
    }

    private static IEnumerable<ChecklistItem> Measurements(SignOffOptions options)
    {
        const string Group = "Measurements";
        yield return Measured("protective_conductor_continuity", "Continuity of the protective conductor", "Ω", null, options.ContinuityMaxOhm);
        yield return Measured("insulation_resistance", "Insulation resistance at 500 V", "MΩ", options.InsulationMinMegaohm, null);
        yield return Measured("earth_loop_impedance", "Earth or loop impedance", "Ω", null, options.ImpedanceMaxOhm);
        yield return Measured("rcd_trip_time", "Trip time of the residual-current device at 30 mA", "ms", 0, options.TripTimeMaxMs);
        yield return Choice("rcd_type", "Type of the residual-current device", Group, ["B", "A with 6 mA DC detection"]);
        yield return Choice("rotating_field", "Rotating field", Group, ["clockwise", "counter-clockwise", "single phase"], ["clockwise", "single phase"]);
        yield return Measured("voltage", "Voltage", "V", options.VoltageMin, options.VoltageMax);
        yield return Choice("load_balancing", "Load balancing", Group, ["works", "does not work", "not installed"], ["works", "not installed"]);
        yield return Truth("charging_test", "A vehicle or tester has charged", Group);
    }

    private static IEnumerable<ChecklistItem> Records()
    {
        const string Group = "Records";
        yield return Text("brand", "Brand", required: true);
        yield return Text("model", "Model", required: true);
        yield return Text("serial_number", "Serial number", required: true);
        yield return Text("firmware", "Firmware", required: false);
        yield return Text("fuse", "Fuse, such as B16", required: true);
        yield return Text("cable", "Cable: type, cross-section, metres", required: true);
        yield return Choice("connection", "Connection", Group, ["1×", "3×"]);
        yield return Text("ean", "EAN of the grid connection", required: false);
        yield return Text("advice", "Advice given", required: false);
        yield return Text("deviations", "Deviations", required: false);
    }

    private static ChecklistItem Truth(string code, string label, string group) =>
        new() { Code = code, Label = label, Group = group, Type = ChecklistItemType.Boolean, Expected = true, Required = true };

    private static ChecklistItem Photo(string code, string label) =>
        new() { Code = code, Label = label, Group = "Photos", Type = ChecklistItemType.Photo, Required = true, PhotoRequired = true };

    private static ChecklistItem Text(string code, string label, bool required) =>
        new() { Code = code, Label = label, Group = "Records", Type = ChecklistItemType.Text, Required = required };

    private static ChecklistItem Choice(string code, string label, string group, string[] choices, string[]? accepted = null) =>
        new() { Code = code, Label = label, Group = group, Type = ChecklistItemType.Choice, Choices = choices, Accepted = accepted ?? [], Required = true };

    private static ChecklistItem Measured(string code, string label, string unit, decimal? least, decimal? most) => new()
    {
        Code = code,
        Label = label,
        Group = "Measurements",
        Type = ChecklistItemType.Number,
        Unit = unit,
        Minimum = least,
        Maximum = most,
        Required = true,
        InstrumentRequired = true,
    };
}
