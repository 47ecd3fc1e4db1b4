using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ChargeCars.Api.Identity;
using ChargeCars.Silo.Hosting;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Platform.Audit;

/// <summary>
/// Which tables the program writes: those of the kinds of entities, whose statements are made, and those that a string in its
/// assemblies names in a statement.
/// </summary>
internal static partial class WrittenTables
{
    public static HashSet<string> All { get; } =
    [
        .. new[] { typeof(Sql), typeof(Caller), typeof(ChargeCarsHost) }.SelectMany(type => Strings(type.Assembly.Location))
            .SelectMany(text => Writing().Matches(text)).Select(match => match.Groups[1].Value),
        .. Kinds.Tables.Select(table => table.Table),
    ];

    private static List<string> Strings(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var strings = new List<string>();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle))
        {
            strings.Add(metadata.GetUserString(handle));
        }

        return strings;
    }

    [GeneratedRegex("(?:INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE) \"?([a-z_]+)\"?")]
    private static partial Regex Writing();
}
