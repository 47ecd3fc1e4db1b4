namespace ChargeCars.Tests.Hosting.Access;

/// <summary>A host of the matrix's own, with everybody who asks: each seeded role, and all permissions under each limit.</summary>
public sealed class MatrixHost : IAsyncLifetime
{
    /// <summary>As migration 0002 seeds them.</summary>
    public static readonly string[] SeededRoles = ["admin", "manager", "planner", "technician", "partner", "viewer"];

    private readonly List<Persona> _personas = [];

    public RunningHost Host { get; } = new();

    internal IReadOnlyList<Persona> Personas => _personas;

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        // Its own routes are made when it is opened.
        (await Host.Administrator.GetAsync("/dashboard/")).Dispose();
        var partner = Guid.CreateVersion7();
        await Host.ExecuteAsync($$$"""
            INSERT INTO organization (id, name) VALUES ('{{{partner}}}', 'A partner');
            INSERT INTO user_role (id, role_name, permissions) VALUES
                (gen_random_uuid(), 'all_of_own_vans', '{"resources": ["*"], "data_filters": {"organization_scope": "all", "user_scope": "own"}}'),
                (gen_random_uuid(), 'all_of_an_entity', '{"resources": ["*"], "organizations": ["{{{Persona.Entity}}}"], "data_filters": {"organization_scope": "all", "user_scope": "all"}}'),
                (gen_random_uuid(), 'all_of_a_partner', '{"resources": ["*"], "data_filters": {"organization_scope": "partner", "user_scope": "all"}}');
            """);
        foreach (var role in SeededRoles.Concat(["all_of_own_vans", "all_of_an_entity", "all_of_a_partner"]))
        {
            _personas.Add(await Persona.OfRoleAsync(Host, role));
        }

        var all = Api.Identity.Permissions.All;
        _personas.Add(await Persona.OfKeyAsync(Host, "a key with everything", all));
        _personas.Add(await Persona.OfKeyAsync(Host, "a key with everything of an entity", all, entity: Persona.Entity));
        _personas.Add(await Persona.OfKeyAsync(Host, "a key with everything of a partner", all, partner: partner));
        var vans = new Guid[12];
        for (var n = 0; n < vans.Length; n++)
        {
            vans[n] = await Things.VehicleAsync(Host);
        }

        _personas.Add(await Persona.OfKeyAsync(Host, "a key with everything of some vans", all, vans: vans));
        _personas.Add(await Persona.OfKeyAsync(Host, "a key that may nothing here", ["teams.read"]));
    }

    public Task DisposeAsync()
    {
        _personas.ForEach(persona => persona.Dispose());
        return Host.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class MatrixCollection : ICollectionFixture<MatrixHost>
{
    public const string Name = "matrix";
}
