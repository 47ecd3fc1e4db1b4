using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orleans.Runtime;

namespace ChargeCars.Silo.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: database and cluster answer too.</summary>
internal static class HealthChecks
{
    public static void AddHealth(this IServiceCollection services, string connectionString)
    {
        // Connections of its own: a pool that is busy must not make the host look dead.
        services.AddKeyedSingleton("probe", (_, _) => new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = 2,
            Timeout = 3,
            CommandTimeout = 3,
            ApplicationName = "chargecars-probe",
        }.ConnectionString).Build());
        services.AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", tags: ["ready"])
            .AddCheck<ClusterCheck>("cluster", tags: ["ready"]);
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = (http, report) => http.Response.WriteAsJsonAsync(new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Description ?? entry.Value.Status.ToString()),
            }),
        }).AllowAnonymous();
    }

    private sealed class DatabaseCheck([FromKeyedServices("probe")] NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = source.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
            {
                return HealthCheckResult.Unhealthy("The database does not answer.", fault);
            }
        }
    }

    private sealed class ClusterCheck(IClusterClient cluster) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var hosts = await cluster.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken).WaitAsync(TimeSpan.FromSeconds(3), cancellationToken);
                return hosts.Count > 0 ? HealthCheckResult.Healthy($"{hosts.Count} active silo(s)") : HealthCheckResult.Unhealthy("No silo is active.");
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException)
            {
                return HealthCheckResult.Unhealthy("The cluster does not answer.", fault);
            }
        }
    }
}
