using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Platform.Audit;

/// <summary>Registration of what reads the audit.</summary>
public static class AuditServices
{
    /// <summary>Needs an <c>NpgsqlDataSource</c>.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditList>().AddSingleton<AuditExport>();
}
