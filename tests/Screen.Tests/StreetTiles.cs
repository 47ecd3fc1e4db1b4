using System.Buffers.Binary;
using System.Text;

namespace ChargeCars.Screen.Tests;

/// <summary>
/// A PMTiles file (version 3) of streets that never were: a grid of named roads in the shape of the Protomaps basemap, at one zoom. Written by
/// the two formats' own descriptions, so that what the page reads is no work of its own library.
/// </summary>
internal static class StreetTiles
{
    private const int Zoom = 14;
    private const int Extent = 4096;

    /// <summary>Writes a file with the tile of a place and those around it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="latitude">Degrees.</param>
    /// <param name="longitude">Degrees.</param>
    public static async Task WriteAsync(string path, double latitude, double longitude)
    {
        var (x, y) = TileOf(latitude, longitude);
        var tiles = (from dx in Enumerable.Range(-1, 3) from dy in Enumerable.Range(-1, 3) select (Id: TileId(x + dx, y + dy), Data: Tile())).OrderBy(tile => tile.Id).ToList();
        var directory = Directory(tiles);
        var metadata = Encoding.UTF8.GetBytes("""{"name":"Streets of a test","vector_layers":[{"id":"roads","fields":{"kind":"String","name":"String"}}]}""");
        var data = tiles.SelectMany(tile => tile.Data).ToArray();
        var head = new byte[127];
        "PMTiles\u0003"u8.CopyTo(head);
        var (root, meta, leaves) = (127L, 127L + directory.Length, 127L + directory.Length + metadata.Length);
        foreach (var (at, value) in new[]
        {
            (8, root), (16, directory.Length), (24, meta), (32, metadata.Length), (40, leaves), (48, 0L), (56, leaves), (64, (long)data.Length),
            (72, (long)tiles.Count), (80, (long)tiles.Count), (88, (long)tiles.Count),
        })
        {
            BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(at), value);
        }

        // Clustered; directories and tiles as they are; vector tiles; from this zoom to this zoom.
        new byte[] { 1, 1, 1, 1, Zoom, Zoom }.CopyTo(head, 96);
        foreach (var (at, degrees) in new[] { (102, longitude - 0.1), (106, latitude - 0.1), (110, longitude + 0.1), (114, latitude + 0.1), (119, longitude), (123, latitude) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at), (int)Math.Round(degrees * 1e7));
        }

        head[118] = Zoom;
        await File.WriteAllBytesAsync(path, [.. head, .. directory, .. metadata, .. data]);
    }

    private static (int X, int Y) TileOf(double latitude, double longitude)
    {
        var north = double.DegreesToRadians(latitude);
        return (
            (int)Math.Floor((longitude + 180) / 360 * (1 << Zoom)),
            (int)Math.Floor((1 - (Math.Log(Math.Tan(north) + (1 / Math.Cos(north))) / Math.PI)) / 2 * (1 << Zoom)));
    }

    /// <summary>A tile's place on the Hilbert curve, after all tiles of lower zooms.</summary>
    private static long TileId(int x, int y)
    {
        var id = ((1L << (2 * Zoom)) - 1) / 3;
        for (var s = 1 << (Zoom - 1); s > 0; s /= 2)
        {
            var (right, down) = ((x & s) > 0 ? 1 : 0, (y & s) > 0 ? 1 : 0);
            id += (long)s * s * ((3 * right) ^ down);
            if (down == 0)
            {
                if (right == 1)
                {
                    (x, y) = (s - 1 - (x & (s - 1)), s - 1 - (y & (s - 1)));
                }

                (x, y) = (y, x);
            }
        }

        return id;
    }

    /// <summary>Ids as differences, runs of one, lengths, offsets (0: right after the one before).</summary>
    private static byte[] Directory(List<(long Id, byte[] Data)> tiles)
    {
        var bytes = new List<byte>();
        Varint(bytes, tiles.Count);
        var last = 0L;
        foreach (var (id, _) in tiles)
        {
            Varint(bytes, id - last);
            last = id;
        }

        tiles.ForEach(_ => Varint(bytes, 1));
        tiles.ForEach(tile => Varint(bytes, tile.Data.Length));
        for (var i = 0; i < tiles.Count; i++)
        {
            Varint(bytes, i == 0 ? 1 : 0);
        }

        return [.. bytes];
    }

    // Roads from edge to edge, four each way; every other one is a main road.
    private static byte[] Tile()
    {
        string[] kinds = ["minor_road", "major_road"];
        List<byte> layer = [];
        Text(layer, 1, "roads");
        for (var i = 0; i < 8; i++)
        {
            var at = Extent / 8 * ((2 * (i % 4)) + 1);
            var feature = new List<byte>();
            Packed(feature, 2, [0, i % 2, 1, 2 + (i / 4)]);
            Varint(feature, (3 << 3) | 0);
            Varint(feature, 2);
            Packed(feature, 4, i < 4 ? [Command(1), Signed(0), Signed(at), Command(2), Signed(Extent), Signed(0)] : [Command(1), Signed(at), Signed(0), Command(2), Signed(0), Signed(Extent)]);
            Bytes(layer, 2, feature);
        }

        Text(layer, 3, "kind");
        Text(layer, 3, "name");
        foreach (var value in kinds.Concat(["Oost-Westweg", "Noord-Zuidweg"]))
        {
            var inner = new List<byte>();
            Text(inner, 1, value);
            Bytes(layer, 4, inner);
        }

        Varint(layer, (5 << 3) | 0);
        Varint(layer, Extent);
        Varint(layer, (15 << 3) | 0);
        Varint(layer, 2);
        var tile = new List<byte>();
        Bytes(tile, 3, layer);
        return [.. tile];
    }

    private static int Command(int id) => id | (1 << 3);

    private static int Signed(int value) => (value << 1) ^ (value >> 31);

    private static void Text(List<byte> to, int field, string text) => Bytes(to, field, [.. Encoding.UTF8.GetBytes(text)]);

    private static void Packed(List<byte> to, int field, int[] values)
    {
        var inner = new List<byte>();
        Array.ForEach(values, value => Varint(inner, value));
        Bytes(to, field, inner);
    }

    private static void Bytes(List<byte> to, int field, List<byte> bytes)
    {
        Varint(to, (field << 3) | 2);
        Varint(to, bytes.Count);
        to.AddRange(bytes);
    }

    private static void Varint(List<byte> to, long value)
    {
        for (; value > 127; value >>= 7)
        {
            to.Add((byte)(value | 128));
        }

        to.Add((byte)value);
    }
}
