using System.Text.Json;
using ChargeCars.Platform.Entities;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>The table <c>geofence</c>.</summary>
public sealed class GeofenceTable : IEntityTable<Geofence>
{
    /// <summary>The columns of <see cref="Read"/>.</summary>
    public const string Columns = """
        id, version, created_at, updated_at, name, business_entity, shape, latitude, longitude, radius_meters, polygon,
        exit_margin_meters, dwell_seconds, address_id, visit_id, is_active
        """;

    private const string InsertRow = $"""
        INSERT INTO geofence ({Columns})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    private const string UpdateRow = """
        UPDATE geofence SET version = $2, updated_at = $3, name = $4, business_entity = $5, shape = $6, latitude = $7, longitude = $8,
            radius_meters = $9, polygon = $10, exit_margin_meters = $11, dwell_seconds = $12, address_id = $13, visit_id = $14,
            is_active = $15
        WHERE id = $1 AND version = $16
        """;

    /// <inheritdoc/>
    public static string Name => "geofence";

    /// <inheritdoc/>
    public static string Select => $"SELECT {Columns} FROM geofence WHERE id = $1";

    /// <inheritdoc/>
    public static Geofence Read(NpgsqlDataReader row) => new(new GeofenceDetails
    {
        Name = row.GetString(4),
        BusinessEntity = row.Optional<string>(5) is { } entity ? WireText.Parse<BusinessEntity>(entity) : null,
        Shape = WireText.Parse<GeofenceShape>(row.GetString(6)),
        Latitude = row.OptionalValue<double>(7),
        Longitude = row.OptionalValue<double>(8),
        RadiusMeters = row.OptionalValue<double>(9),
        Polygon = row.Optional<string>(10) is { } json ? JsonSerializer.Deserialize<GeofencePoint[]>(json, RowJson.Options) : null,
        ExitMarginMeters = row.GetDouble(11),
        DwellSeconds = row.GetInt32(12),
        AddressId = row.OptionalValue<Guid>(13),
        VisitId = row.OptionalValue<Guid>(14),
        IsActive = row.GetBoolean(15),
    })
    {
        Id = row.GetGuid(0),
        Version = row.GetInt64(1),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(2),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(3),
    };

    /// <inheritdoc/>
    public static NpgsqlBatchCommand Insert(Geofence state) => new(InsertRow)
    {
        Parameters =
        {
            Sql.Uuid(state.Id), Sql.Bigint(state.Version), Sql.Time(state.CreatedAt), Sql.Time(state.UpdatedAt), Sql.Text(state.Name),
            Sql.Word(state.BusinessEntity), Sql.Word(state.Shape), Sql.Double(state.Latitude), Sql.Double(state.Longitude),
            Sql.Double(state.RadiusMeters), Corners(state), Sql.Double(state.ExitMarginMeters), Sql.Integer(state.DwellSeconds),
            Sql.Uuid(state.AddressId), Sql.Uuid(state.VisitId), Sql.Bool(state.IsActive),
        },
    };

    /// <inheritdoc/>
    public static NpgsqlBatchCommand Update(Geofence state, long expectedVersion) => new(UpdateRow)
    {
        Parameters =
        {
            Sql.Uuid(state.Id), Sql.Bigint(state.Version), Sql.Time(state.UpdatedAt), Sql.Text(state.Name), Sql.Word(state.BusinessEntity),
            Sql.Word(state.Shape), Sql.Double(state.Latitude), Sql.Double(state.Longitude), Sql.Double(state.RadiusMeters), Corners(state),
            Sql.Double(state.ExitMarginMeters), Sql.Integer(state.DwellSeconds), Sql.Uuid(state.AddressId), Sql.Uuid(state.VisitId),
            Sql.Bool(state.IsActive), Sql.Bigint(expectedVersion),
        },
    };

    /// <inheritdoc/>
    public static NpgsqlBatchCommand Delete(Guid id, long expectedVersion) => new("DELETE FROM geofence WHERE id = $1 AND version = $2")
    {
        Parameters = { Sql.Uuid(id), Sql.Bigint(expectedVersion) },
    };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Geofence? state) => violation.ConstraintName switch
    {
        "geofence_address_id_fkey" => Invalid.Field("addressId", $"there is no address {state?.AddressId}"),
        "geofence_visit_id_fkey" => Invalid.Field("visitId", $"there is no visit {state?.VisitId}"),
        _ when violation.SqlState == PostgresErrorCodes.ForeignKeyViolation && state is null =>
            new Conflict("in_use", "Vehicles were seen at this geofence, and their history names it: set isActive to false instead."),
        _ => null,
    };

    private static NpgsqlParameter Corners(Geofence state) =>
        Sql.Jsonb(state.Polygon is { } corners ? JsonSerializer.Serialize(corners, RowJson.Options) : null);
}
