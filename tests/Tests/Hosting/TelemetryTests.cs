using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using ChargeCars.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Tests.Hosting;

/// <summary>What an OpenTelemetry collector gets, by a collector that lives here.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Command_WithACollectorConfigured_IsTracedOverHttpGrainAndSql()
    {
        await using var collector = await Collector.StartAsync();
        var host = new RunningHost
        {
            Configuration =
            [
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
                "--OTEL_BSP_SCHEDULE_DELAY=50", "--OTEL_METRIC_EXPORT_INTERVAL=100",
            ],
        };
        await host.InitializeAsync();
        try
        {
            using var created = await host.Administrator.PostAsJsonAsync("/api/vehicles", new { licensePlate = "TR-1", vehicleType = "van" });
            using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
            {
                positions = new[] { new { licensePlate = "TR-1", fixTime = DateTimeOffset.UtcNow, latitude = 52.1, longitude = 5.1 } },
            });
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

            await collector.SeesAsync("/v1/traces", "POST /api/vehicles");
            await collector.SeesAsync("/v1/traces", "IVehicleGrain");
            await collector.SeesAsync("/v1/traces", "INSERT INTO vehicle");
            await collector.SeesAsync("/v1/metrics", "chargecars.positions");
            await collector.SeesAsync("/v1/metrics", "chargecars.commits.group_size");
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task TrackersKey_InItsAddress_IsNotTraced()
    {
        await using var collector = await Collector.StartAsync();
        var host = new RunningHost
        {
            Configuration =
            [
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_BSP_SCHEDULE_DELAY=50",
            ],
        };
        await host.InitializeAsync();
        try
        {
            using var trackers = await host.WithKeyAsync("positions.write");
            var key = trackers.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
            using var anonymous = host.Anonymous();
            using var sent = await anonymous.GetAsync($"/api/telemetry/osmand/{key}?id=1&lat=52&lon=5");
            Assert.Equal(HttpStatusCode.BadRequest, sent.StatusCode);

            await collector.SeesAsync("/v1/traces", "/api/telemetry/osmand/{key}");
            Assert.False(collector.Saw(key), "The key is in a trace.");
            // Neither are an Aircall token and the one of a customer's link.
            using var callback = await anonymous.PostAsync($"/api/telephony/aircall/callback/{key}", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, callback.StatusCode);
            using var link = await anonymous.GetAsync($"/api/track/{key}");
            await collector.SeesAsync("/v1/traces", "/api/telephony/aircall/callback/{token}");
            await collector.SeesAsync("/v1/traces", "/api/track/{token}");
            Assert.False(collector.Saw(key), "The token is in a trace.");
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private sealed class Collector : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
        private readonly SemaphoreSlim _news = new(0);
        private readonly WebApplication _app;

        private Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body, http.RequestAborted);
                // Protobuf keeps text as it is.
                _received.Enqueue((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
                _news.Release();
            });
        }

        public string Url => _app.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector._app.StartAsync();
            return collector;
        }

        public async Task SeesAsync(string path, string text)
        {
            while (!_received.Any(export => export.Path == path && export.Body.Contains(text, StringComparison.Ordinal)))
            {
                Assert.True(await _news.WaitAsync(TimeSpan.FromSeconds(30)), $"{path} was never sent '{text}'.");
            }
        }

        public bool Saw(string text) => _received.Any(export => export.Body.Contains(text, StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _news.Dispose();
        }
    }
}
