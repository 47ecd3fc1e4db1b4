using System.Diagnostics;
using ChargeCars.Api.Identity;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// Traces and metrics over HTTP, grains and SQL, sent by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says. Without it
/// nothing listens and nothing is paid.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static bool IsWanted(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[Endpoint]);

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (!IsWanted(builder.Configuration))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("chargecars"))
            .WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(http => http.EnrichWithHttpResponse = HideKey)
                .AddSource("Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application")
                .AddNpgsql())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Microsoft.Orleans", "Npgsql", "Microsoft.AspNetCore.SignalR", "ChargeCars"))
            .UseOtlpExporter();
    }

    // A tracker's key and a customer's token are parts of their addresses, and a trace is read by more people than may know it.
    private static void HideKey(Activity activity, HttpResponse response)
    {
        if (response.HttpContext.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } endpoint
            && (endpoint.Metadata.GetMetadata<KeyInPath>() is not null || endpoint.Metadata.GetMetadata<SecretInPath>() is not null))
        {
            activity.SetTag("url.path", route);
        }
    }
}
