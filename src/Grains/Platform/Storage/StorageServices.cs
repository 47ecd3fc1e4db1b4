using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.Storage;

/// <summary>Registration of what keeps the database in shape.</summary>
public static class StorageServices
{
    /// <summary>
    /// Adds the migration runner and the retention service, with their options; features add what of theirs expires
    /// (<see cref="IExpiringRows"/>). Needs an <c>NpgsqlDataSource</c>. The host calls <see cref="MigrationRunner.RunAsync"/> itself, before it
    /// starts anything that writes.
    /// </summary>
    public static IServiceCollection AddStorageMaintenance(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ChangeEventOptions>, ChangeEventOptionsValidator>();
        services.AddOptions<ChangeEventOptions>().BindConfiguration(ChangeEventOptions.Section).ValidateOnStart();
        services.AddSingleton<MigrationRunner>();
        services.AddSingleton<IExpiringRows, ChangeEventRetention>();
        services.AddSingleton<IExpiringRows, IdempotencyRetention>();
        services.AddHostedService<RetentionService>();
        return services;
    }

    /// <summary>
    /// Adds what commands are committed with, and the entities' stores. Before Orleans, so that it stops after the last grain.
    /// </summary>
    public static IServiceCollection AddCommits(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<GroupCommitOptions>, GroupCommitOptions.Validator>();
        services.AddOptions<GroupCommitOptions>().BindConfiguration(GroupCommitOptions.Section).ValidateOnStart();
        services.AddSingleton<DueSignal>();
        services.AddSingleton<ChangePublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangePublisher>());
        services.AddSingleton<GroupCommit>();
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommit>());
        services.AddSingleton(typeof(EntityStore<,>));
        services.AddSingleton(typeof(EntityQueries<,,>));
        return services;
    }
}
