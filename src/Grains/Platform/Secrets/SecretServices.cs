using System.Security.Cryptography;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChargeCars.Platform.Secrets;

/// <summary>Registration of what keeps secrets.</summary>
public static class SecretServices
{
    private const string AnyKeySql = "SELECT EXISTS (SELECT 1 FROM data_protection_key)";
    private const string LockSql = "SELECT pg_advisory_xact_lock(7214004)";

    /// <summary>
    /// Adds Data Protection with its ring in the database, and the <see cref="SecretBox"/>. Needs an
    /// <see cref="NpgsqlDataSource"/>; the host calls <see cref="PrepareSecretsAsync"/> before anything is opened.
    /// </summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, MasterKey master)
    {
        services.AddSingleton(master);
        services.AddSingleton<SecretBox>();
        // The name, because its default is the folder of the program: moved, it would open nothing.
        services.AddDataProtection().SetApplicationName("ChargeCars");
        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource, TimeProvider, MasterKey>((options, source, time, key) =>
        {
            options.XmlRepository = new KeyRingTable(source, time);
            // Choosing a repository switches the default encryption off; this is ours.
            options.XmlEncryptor = new KeyRingEncryptor(key);
        });
        return services;
    }

    /// <summary>Reads the master key, and makes it on a first start; of hosts that share a data directory one makes it.</summary>
    /// <exception cref="StartupException">It is missing, or is none.</exception>
    public static async Task<MasterKey> LoadMasterKeyAsync(
        NpgsqlDataSource source, IConfiguration configuration, string dataDirectory, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var locking = new NpgsqlCommand(LockSql, connection, transaction))
        {
            await locking.ExecuteNonQueryAsync(cancellation);
        }

        await using var asking = new NpgsqlCommand(AnyKeySql, connection, transaction);
        return MasterKey.Load(configuration, dataDirectory, isFirstStart: await asking.ExecuteScalarAsync(cancellation) is false);
    }

    /// <summary>Opens every key of the ring, and makes the first; of hosts that start together one makes it.</summary>
    /// <exception cref="StartupException">The ring was encrypted by another master key.</exception>
    public static async Task PrepareSecretsAsync(this IServiceProvider services, CancellationToken cancellation)
    {
        var (source, master) = (services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<MasterKey>());
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var locking = new NpgsqlCommand(LockSql, connection, transaction))
        {
            await locking.ExecuteNonQueryAsync(cancellation);
        }

        try
        {
            foreach (var key in services.GetRequiredService<IKeyManager>().GetAllKeys())
            {
                key.CreateEncryptor();
            }

            // Makes the first key, where there is none.
            services.GetRequiredService<IDataProtectionProvider>().CreateProtector("start").Protect([1]);
        }
        catch (CryptographicException fault)
        {
            throw new StartupException(
                $"The master key of {master.Origin} is not the one that this database's secrets were encrypted by. Set {MasterKey.Key} or "
                + $"{MasterKey.FileKey} to that key; after a change of key, put the old one in {MasterKey.FormerKey}.", fault);
        }
    }
}
