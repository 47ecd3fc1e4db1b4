using System.Collections.Concurrent;
using System.Globalization;
using ChargeCars.Catalogue.Products;
using ChargeCars.Money.Numbering;
using ChargeCars.Orders;
using ChargeCars.Orders.Pricing;
using ChargeCars.Orders.Teams;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Addresses;
using ChargeCars.Relations.Contacts;
using ChargeCars.Relations.Organizations;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Silo.Demo;

/// <summary>
/// The office of the demo: crews, products, partners, and for each stop of a van a customer, an order and a visit, which goes as
/// the van does. Somebody else's decision about a visit stands: the demo leaves it alone from then on.
/// </summary>
internal sealed partial class DemoOffice(DemoCommands commands, IGrainFactory grains, NpgsqlDataSource source, TimeProvider time, ILogger<DemoOffice> logger)
{
    private const string FindVisits = "SELECT id, status FROM visit WHERE id = ANY($1)";

    private static readonly (string Sku, string Name, ProductType Type, decimal Price, decimal PartnerPrice)[] Catalogue =
    [
        ("DEMO-CP11", "Charge point 11 kW with cable", ProductType.ChargePoint, 899.00m, 799.00m),
        ("DEMO-CP22", "Charge point 22 kW with socket", ProductType.ChargePoint, 1099.00m, 979.00m),
        ("DEMO-LB", "Load balancing module", ProductType.Accessory, 189.00m, 165.00m),
        ("DEMO-INST", "Installation, up to 10 m of cable", ProductType.InstallationService, 545.00m, 495.00m),
        ("DEMO-SERV", "Service visit", ProductType.InstallationService, 129.00m, 110.00m),
        ("DEMO-REM", "Removal of a charge point", ProductType.InstallationService, 149.00m, 129.00m),
    ];

    private static readonly string[] Partners = ["Voltlease Nederland", "Rijwijzer Lease", "Stroomdak Installaties"];

    private static readonly string[] Resolutions =
        ["Done as ordered, tested, explained to the customer.", "Repaired; the charger charges again.", "Looked at everything: can go ahead as quoted."];

    private readonly ConcurrentDictionary<Guid, int> _refusedCompletions = new();

    /// <summary>Products and partners; once.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        foreach (var (sku, name, type, price, partnerPrice) in Catalogue)
        {
            await MakeAsync<Product, ProductDetails>(
                $"product/{sku}", new() { Sku = sku, Name = name, ProductType = type, UnitPrice = price, PartnerPrice = partnerPrice, Category = "Demo" }, cancellation);
        }

        foreach (var partner in Partners)
        {
            await MakeAsync<Organization, OrganizationDetails>($"partner/{partner}", new() { Name = partner, OrganizationType = OrganizationType.Partner }, cancellation);
        }
    }

    /// <summary>The van's crew: made once, of one or two people.</summary>
    public async Task<Guid> CrewAsync(Van van, Guid vehicle, DateOnly today, CancellationToken cancellation)
    {
        var occasion = $"crew/{van.DeviceId}";
        var name = string.Create(CultureInfo.InvariantCulture, $"{van.Depot.Name} {van.Number + 1}");
        var crew = await MakeAsync<Team, TeamDetails>(occasion, new() { Name = name, BusinessEntity = van.BusinessEntity, VehicleId = vehicle }, cancellation);
        for (var i = 0; i < (van.Dice.Throw(21) < 0.6 ? 2 : 1); i++)
        {
            var (person, dice) = (DemoPerson.Of(van.Dice.For(30 + i)), van.Dice.For(40 + i));
            var contact = await MakeAsync<Contact, ContactDetails>(
                string.Create(CultureInfo.InvariantCulture, $"{occasion}/{i}"),
                new() { FirstName = person.FirstName, LastName = person.LastName, Email = person.EmailAt("crew.example"), ContactType = ContactType.Employee }, cancellation);
            var member = DemoCommands.IdOf($"member/{contact}");
            await commands.ExecuteAsync(crew, new SetTeamMember(member, new()
            {
                Id = member, ContactId = contact, Role = i == 0 ? TeamRole.Lead : dice.Throw(1) < 0.3 ? TeamRole.Apprentice : TeamRole.Installer,
                Skills = i == 0 ? ["single_phase", "three_phase"] : ["single_phase"],
                Certifications = [new("NEN 3140", today.AddDays(30 + dice.Pick(2, 900)))], ValidFrom = today.AddDays(-90),
            }), $"member/{contact}", cancellation);
        }

        return crew;
    }

    /// <summary>A day's visits of a van: those that are there, and the others made.</summary>
    public async Task<IReadOnlyList<DemoVisit>> PlanAsync(IReadOnlyList<DemoJob> jobs, Van van, Guid vehicle, Guid crew, CancellationToken cancellation)
    {
        var known = await commands.RepeatAsync(() => FindAsync(jobs, cancellation), cancellation);
        var visits = new List<DemoVisit>();
        foreach (var job in jobs)
        {
            var id = VisitOf(job);
            if (known.TryGetValue(id, out var status) && job.StepsTo(status) is { } done)
            {
                visits.Add(new(job, id) { StepsTaken = done });
            }
            // A draft is one that a host began and died over.
            else if ((!known.ContainsKey(id) || status == VisitStatus.Draft) && await TakeInAsync(job, van, vehicle, crew, cancellation))
            {
                visits.Add(new(job, id));
            }
        }

        return visits;
    }

    /// <summary>Brings a visit to where its van is by now.</summary>
    public async Task FollowAsync(DemoVisit visit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var steps = visit.Job.Steps;
        while (visit.StepsTaken < steps.Count && steps[visit.StepsTaken].At <= now)
        {
            var (step, last) = (steps[visit.StepsTaken], visit.StepsTaken == steps.Count - 1);
            var done = await commands.ExecuteAsync(visit.Id, ActionOf(step, visit.Job), $"visit/{visit.Job.Key}/{step.Action}", cancellation);
            // Refused, it is another's by now.
            visit.StepsTaken = done.Succeeded ? visit.StepsTaken + 1 : steps.Count;
            visit.IsToBeSignedOff = done.Succeeded && last && step.Action == VisitAction.Complete;
        }

        if (visit.IsToBeSignedOff)
        {
            await SignOffAsync(visit, cancellation);
        }
    }

    private static Guid VisitOf(DemoJob job) => DemoCommands.IdOf($"visit/{job.Key}");

    private static Guid OrderOf(DemoJob job) => DemoCommands.IdOf($"order/{job.Key}");

    private static ActOnVisit ActionOf(DemoStep step, DemoJob job) => new(step.Action)
    {
        OccurredAt = step.At,
        Reason = step.Action switch
        {
            VisitAction.NoShow => "Nobody opened; called twice.",
            VisitAction.Fail => "The meter cupboard must be renewed first.",
            _ => null,
        },
        Resolution = step.Action == VisitAction.Complete ? Resolutions[job.VisitType switch { VisitType.Survey => 2, VisitType.Service => 1, _ => 0 }] : null,
        SignedBy = step.Action == VisitAction.Complete ? job.Contact.Name : null,
    };

    // The order hears of its visit a moment later; what is refused for that is asked for again.
    private async Task SignOffAsync(DemoVisit visit, CancellationToken cancellation)
    {
        const int MostTries = 20;
        var tries = _refusedCompletions.AddOrUpdate(visit.Id, 1, static (_, tried) => tried + 1);
        var signed = await commands.RepeatAsync(
            () => grains.GetGrain<IEntityGrain<Order>>(OrderOf(visit.Job)).ExecuteAsync(new ActOnOrder(OrderAction.Complete), commands.NewContext()), cancellation);
        if (signed.Succeeded || tries >= MostTries)
        {
            visit.IsToBeSignedOff = false;
            _refusedCompletions.TryRemove(visit.Id, out _);
        }
    }

    private async Task<Dictionary<Guid, VisitStatus>> FindAsync(IReadOnlyList<DemoJob> jobs, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(FindVisits);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, jobs.Select(VisitOf).ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<Guid, VisitStatus>();
        while (await row.ReadAsync(cancellation))
        {
            known[row.GetGuid(0)] = WireText.Parse<VisitStatus>(row.GetString(1));
        }

        return known;
    }

    private async Task<bool> TakeInAsync(DemoJob job, Van van, Guid vehicle, Guid crew, CancellationToken cancellation)
    {
        var (order, visit, address) = (OrderOf(job), VisitOf(job), await CustomerAsync(job, cancellation));
        var details = DetailsOf(job, van, address);
        if (!await OkAsync(commands.ExecuteAsync(order, new PlaceOrder(details, await NumberAsync(van, NumberType.Order, order, cancellation), [.. LinesOf(job, order)]),
                $"order/{job.Key}", cancellation), job)
            || !await AgreeAsync(job, details, order, cancellation))
        {
            return false;
        }

        var make = new MakeVisit(
            new()
            {
                VisitType = job.VisitType, AddressId = address, TeamId = crew, VehicleId = vehicle,
                EstimatedMinutes = (int)(job.PlannedEnd - job.PlannedStart).TotalMinutes,
                WindowStart = job.WindowStart, WindowEnd = job.WindowEnd,
            },
            order, van.BusinessEntity, await NumberAsync(van, NumberType.Visit, visit, cancellation), 1, [], null);
        return await OkAsync(commands.ExecuteAsync(visit, make, $"visit/{job.Key}", cancellation), job)
            && await OkAsync(commands.ExecuteAsync(visit, new ActOnVisit(VisitAction.Schedule)
            {
                ScheduledStart = job.PlannedStart, ScheduledEnd = job.PlannedEnd, TeamId = crew, VehicleId = vehicle,
            }, $"visit/{job.Key}/schedule", cancellation), job)
            && await OkAsync(commands.ExecuteAsync(visit, new ActOnVisit(VisitAction.Confirm), $"visit/{job.Key}/confirm", cancellation), job);
    }

    private static OrderDetails DetailsOf(DemoJob job, Van van, Guid address) => new()
    {
        OrderType = job.OrderType, BusinessEntity = van.BusinessEntity, CustomerOrganizationId = DemoCommands.IdOf($"customer/{job.Key}"),
        PrimaryContactId = DemoCommands.IdOf($"contact/{job.Key}"), InstallationAddressId = address, PriorityLevel = job.Priority,
        PartnerOrganizationId = van.Number % 4 == 1 ? DemoCommands.IdOf($"partner/{Partners[van.Number % Partners.Length]}") : null,
        RequestedDate = VanDay.DateOf(job.PlannedStart),
    };

    private async Task<Guid> CustomerAsync(DemoJob job, CancellationToken cancellation)
    {
        var customer = await MakeAsync<Organization, OrganizationDetails>($"customer/{job.Key}", new()
        {
            Name = job.Customer, OrganizationType = job.IsFirm ? OrganizationType.CustomerBusiness : OrganizationType.CustomerIndividual,
            Email = job.Contact.EmailAt("customer.example"),
        }, cancellation);
        await MakeAsync<Contact, ContactDetails>($"contact/{job.Key}", new()
        {
            OrganizationId = customer, FirstName = job.Contact.FirstName, LastName = job.Contact.LastName, Email = job.Contact.EmailAt("customer.example"),
            ContactType = ContactType.Customer, IsPrimary = true,
        }, cancellation);
        return await MakeAsync<Address, AddressDetails>($"address/{job.Key}", new()
        {
            EntityType = AddressOwner.Organization, EntityId = customer, AddressType = AddressType.Installation, StreetAddress = job.Street,
            StreetNumber = job.HouseNumber, PostalCode = job.Postcode, City = job.Town.Name,
            Coordinates = new((decimal)Math.Round(job.Place.Latitude, 6), (decimal)Math.Round(job.Place.Longitude, 6)),
        }, cancellation);
    }

    /// <summary>What must be agreed before anybody goes: with a quote, or without one where it needs none.</summary>
    private async Task<bool> AgreeAsync(DemoJob job, OrderDetails details, Guid order, CancellationToken cancellation) =>
        details.PartnerOrganizationId is not null || job.OrderType == OrderType.Service
            ? await OkAsync(commands.ExecuteAsync(order, new ActOnOrder(OrderAction.Approve), $"order/{job.Key}/approve", cancellation), job)
            : await OkAsync(commands.ExecuteAsync(order, new ActOnOrder(OrderAction.SubmitQuote), $"order/{job.Key}/quote", cancellation), job)
                && await OkAsync(commands.ExecuteAsync(order, new ActOnOrder(OrderAction.AcceptQuote) { AcceptedByName = job.Contact.Name }, $"order/{job.Key}/accept", cancellation), job);

    private static IEnumerable<LineItem> LinesOf(DemoJob job, Guid order)
    {
        string[] skus = job.OrderType switch
        {
            OrderType.Installation => ["DEMO-CP11", "DEMO-INST"],
            OrderType.Upgrade => ["DEMO-LB", "DEMO-SERV"],
            OrderType.Removal => ["DEMO-REM"],
            _ => ["DEMO-SERV"],
        };
        return skus.Select((sku, index) => (Product: Catalogue.Single(product => product.Sku == sku), Id: NameBasedId.Of(string.Create(CultureInfo.InvariantCulture, $"{order}/line/{index}"))))
            .Select(line => new LineItem
            {
                Id = line.Id, ProductId = DemoCommands.IdOf($"product/{line.Product.Sku}"), Sku = line.Product.Sku, Quantity = 1, UnitPrice = line.Product.Price,
                PartnerPrice = line.Product.PartnerPrice, TaxRate = 0.21m, Description = line.Product.Name,
                ItemType = line.Product.Type == ProductType.InstallationService ? LineItemType.Service : LineItemType.Product,
            });
    }

    private async Task<string> NumberAsync(Van van, NumberType type, Guid owner, CancellationToken cancellation)
    {
        var series = new NumberSeries(van.BusinessEntity, type);
        var number = await commands.RepeatAsync(
            () => grains.GetGrain<INumberSequenceGrain>(series.ToString()).NextAsync(owner, DemoCommands.Context($"number/{owner}")), cancellation);
        return number.Succeeded ? number.Value.Number : throw new InvalidOperationException($"The demo got no number of {series}: {number.Error.Detail}");
    }

    private async Task<Guid> MakeAsync<TState, TDetails>(string occasion, TDetails details, CancellationToken cancellation)
        where TState : class
    {
        var id = DemoCommands.IdOf(occasion);
        var made = await commands.ExecuteAsync(id, new Create<TState, TDetails>(details), occasion, cancellation);
        if (!made.Succeeded)
        {
            LogRefused(logger, occasion, made.Error.Detail);
        }

        return id;
    }

    private async Task<bool> OkAsync<T>(Task<Result<T>> asked, DemoJob job)
        where T : class
    {
        var answer = await asked;
        if (!answer.Succeeded)
        {
            LogRefused(logger, job.Key, answer.Error.Detail);
        }

        return answer.Succeeded;
    }

    [LoggerMessage(LogLevel.Warning, "The demo was refused {Occasion}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string occasion, string detail);
}

/// <summary>A visit that goes as its van does.</summary>
internal sealed class DemoVisit(DemoJob job, Guid id)
{
    public DemoJob Job => job;

    public Guid Id => id;

    /// <summary>How many of the job's steps are behind it; all where somebody else decided about it.</summary>
    public int StepsTaken { get; set; }

    /// <summary>Whether the office has to complete the order.</summary>
    public bool IsToBeSignedOff { get; set; }

    /// <summary>Whether something is to be done about it.</summary>
    public bool IsDue(DateTimeOffset now) => IsToBeSignedOff || (StepsTaken < job.Steps.Count && job.Steps[StepsTaken].At <= now);

    /// <summary>Whether the van is on its way to it, or there.</summary>
    public bool IsUnderway => StepsTaken > 0 && StepsTaken < job.Steps.Count;
}
