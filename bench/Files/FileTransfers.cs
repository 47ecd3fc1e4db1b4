using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Testing;

namespace ChargeCars.Bench.Files;

/// <summary>Sending files, beside writing them to the same disk; and reading ranges of one, beside Kestrel's own static file of the same bytes.</summary>
internal sealed class FileTransfers : IBenchmark
{
    private const int Senders = 8;
    private const int Readers = 16;
    private const int Photo = 4 * 1024 * 1024;
    private const int Film = 64 * 1024 * 1024;

    public string Name => "files";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        var folder = Directory.CreateTempSubdirectory("chargecars-bench-files-").FullName;
        try
        {
            await using var server = await BenchServer.StartAsync();
            await using var host = await BenchHost.StartAsync(server, ("ChargeCars__Files__Folder", Path.Combine(folder, "store")));
            using var http = host.Client();
            using var made = await http.PostAsJsonAsync("/api/vehicles", new { licensePlate = "B-001-NC", vehicleType = "van" });
            var van = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
            return [.. await SendAsync(run, host, van, folder), .. await ReadAsync(run, host, van, folder)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Measurement>> SendAsync(BenchRun run, BenchHost host, Guid van, string folder)
    {
        var (warmUp, measured) = (run.WarmUp / 2, run.Measured / 2);
        var photo = Bytes(Photo);
        var disk = await ClosedLoop.RunAsync([.. Enumerable.Range(0, Senders).Select(sender => (Func<Task<int>>)(() => WriteAsync(photo, Path.Combine(folder, $"plain-{sender}"))))], warmUp, measured);
        var request = Form(host, van, photo);
        var sent = await ClosedLoop.RunAsync(await LinesAsync(host.Url, Senders, request, 201), warmUp, measured, host.MeterCpu);
        var beside = $"the same bytes written to a file and flushed, {Senders} at a time: {Megabytes(disk.Rate * Photo)}";
        return
        [
            new()
            {
                Work = $"files of 4 MB sent in forms, {Senders} connections: checksum, flush, row, audit", Result = $"{Megabytes(sent.Rate * Photo)}", Latency = sent.Latency, Baseline = beside,
                Ratio = sent.Rate / disk.Rate, Cpu = sent.Cpu, Note = $"{sent.Rate:0.0} files a second; the driver sends over loopback on the same two cores.",
            },
        ];
    }

    private static async Task<IReadOnlyList<Measurement>> ReadAsync(BenchRun run, BenchHost host, Guid van, string folder)
    {
        var (warmUp, measured) = (run.WarmUp / 2, run.Measured / 2);
        var film = Bytes(Film);
        var statics = Directory.CreateDirectory(Path.Combine(folder, "static")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(statics, "film"), film);
        using var http = host.Client();
        using var form = new MultipartFormDataContent { { new StringContent("vehicle"), "entityType" }, { new StringContent($"{van}"), "entityId" }, { new ByteArrayContent(film), "file", "film.bin" } };
        using var made = await http.PostAsync("/api/attachments", form);
        var address = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fileUrl").GetString()!;
        using var plain = await PlainAsync(statics);
        try
        {
            var rows = new List<Measurement>();
            foreach (var (size, name) in new[] { (64 * 1024, "64 kB"), (4 * 1024 * 1024, "4 MB") })
            {
                var beside = await ClosedLoop.RunAsync(await LinesAsync(plain.Url, Readers, Range(plain.Url, "/film", "", size), 206), warmUp, measured);
                var ours = await ClosedLoop.RunAsync(await LinesAsync(host.Url, Readers, Range(host.Url, address, $"X-Api-Key: {host.Key}\r\n", size), 206), warmUp, measured, host.MeterCpu);
                rows.Add(new()
                {
                    Work = $"ranges of {name} of a file of 64 MB, {Readers} connections: permission, scope, grain", Result = $"{ours.Rate:N0}/s, {Megabytes(ours.Rate * size)}", Latency = ours.Latency,
                    Baseline = $"Kestrel's static file of the same bytes: {beside.Rate:N0}/s", Ratio = ours.Rate / beside.Rate, Cpu = ours.Cpu,
                });
            }

            return rows;
        }
        finally
        {
            plain.Process.Kill();
            await plain.Process.WaitForExitAsync();
        }
    }

    private static async Task<Func<Task<int>>[]> LinesAsync(Uri url, int count, byte[] request, int expected) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var line = await HttpLine.OpenAsync(url);
            return (Func<Task<int>>)(async () =>
            {
                var (status, body) = await line.AskAsync(request);
                return status == expected ? 1 : throw Requests.Unexpected(status, body);
            });
        }));

    private static async Task<int> WriteAsync(byte[] content, string path)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        await file.WriteAsync(content);
        file.Flush(flushToDisk: true);
        return 1;
    }

    private static byte[] Form(BenchHost host, Guid van, byte[] content)
    {
        const string Boundary = "----bench";
        byte[] body =
        [
            .. Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=entityType\r\n\r\nvehicle\r\n--{Boundary}\r\nContent-Disposition: form-data; name=entityId\r\n\r\n{van}\r\n"
                + $"--{Boundary}\r\nContent-Disposition: form-data; name=file; filename=photo.bin\r\nContent-Type: application/octet-stream\r\n\r\n"),
            .. content, .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];
        return
        [
            .. Encoding.ASCII.GetBytes($"POST /api/attachments HTTP/1.1\r\nHost: {host.Url.Authority}\r\nX-Api-Key: {host.Key}\r\n"
                + $"Content-Type: multipart/form-data; boundary={Boundary}\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];
    }

    private static byte[] Range(Uri url, string path, string header, int size) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\n{header}Range: bytes={Film / 2}-{(Film / 2) + size - 1}\r\n\r\n");

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static string Megabytes(double bytes) => $"{bytes / 1_000_000:N0} MB/s";

    private static async Task<PlainHost> PlainAsync(string folder)
    {
        var url = new Uri($"http://127.0.0.1:{HostProcess.FreePort()}");
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(StaticHost).Assembly.Location, StaticHost.Argument, url.OriginalString, folder]);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        var process = Process.Start(start)!;
        using var http = new HttpClient { BaseAddress = url };
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var head = await http.SendAsync(new(HttpMethod.Head, "/film"));
                return new(url, process);
            }
            catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(20);
            }
        }
    }

    private sealed record PlainHost(Uri Url, Process Process) : IDisposable
    {
        public void Dispose() => Process.Dispose();
    }
}
