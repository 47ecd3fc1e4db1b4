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
internal sealed partial class DemoOffice(
    DemoCommands commands, DemoSignOff signOff, IGrainFactory grains, NpgsqlDataSource source, TimeProvider time, ILogger<DemoOffice> logger)
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
            if (known.TryGetValue(id, out var status) && status is not (VisitStatus.Draft or VisitStatus.Scheduled))
            {
                if (job.StepsTo(status) is { } done)
                {
                    visits.Add(new(job, id) { StepsTaken = done });
                }
            }
            // A draft, or one that nobody confirmed, is one that a host began and died over.
            else if (await TakeInAsync(job, van, vehicle, crew, cancellation))
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
            var answers = step.Action == VisitAction.Complete && signOff.ListFor(visit.Job.VisitType) is not null
                ? await commands.RepeatAsync(() => signOff.AnswerAsync(visit.Id, visit.Job), cancellation)
                : null;
            var done = await commands.ExecuteAsync(
                visit.Id, ActionOf(step, visit.Job) with { Checklist = answers }, $"visit/{visit.Job.Key}/{step.Action}", cancellation);
            // Refused, it is another's by now.
            visit.StepsTaken = done.Succeeded ? visit.StepsTaken + 1 : steps.Count;
            // After a look the installation is still to be made.
            visit.IsToBeSignedOff = done.Succeeded && last && step.Action == VisitAction.Complete && visit.Job.VisitType != VisitType.Survey;
        }

        if (visit.IsToBeSignedOff)
        {
            await SignOffAsync(visit, cancellation);
        }
    }

    /// <summary>
    /// What came in and is not planned yet: for some it is to be planned, some have a quote, some wait for one. Once a day for a van.
    /// </summary>
    public async Task TakeInAsync(Van van, DateOnly today, RoadMap map, CancellationToken cancellation)
    {
        var dice = van.Dice.For(today.DayNumber).For(6_000);
        var near = map.Near(van.Depot);
        var town = near[dice.Pick(20, Math.Min(12, near.Count))];
        var place = Streets.To(town, dice).At(double.MaxValue).Place;
        var request = new DemoRequest(string.Create(CultureInfo.InvariantCulture, $"{van.DeviceId}/{today:yyyy-MM-dd}/new"), dice, town, place);
        var (chance, wanted) = (dice.Throw(21), today.AddDays(1 + dice.Pick(22, 4)));
        var address = await CustomerAsync(request, cancellation);
        var details = DetailsOf(request, van, address, wanted);
        if (!await PlaceAsync(request, van, details, cancellation) || chance < 0.15)
        {
            return;
        }

        if (chance < 0.35 && NeedsQuote(request, details))
        {
            await OkAsync(commands.ExecuteAsync(OrderOf(request), new ActOnOrder(OrderAction.SubmitQuote), $"order/{request.Key}/quote", cancellation), request);
        }
        else if (await AgreeAsync(request, details, cancellation))
        {
            var opens = VanDay.StartOf(wanted).AddHours(8 + (3 * dice.Pick(23, 3)));
            await MakeVisitAsync(request, van, new()
            {
                VisitType = request.VisitType, AddressId = address, EstimatedMinutes = 60 + (30 * dice.Pick(24, 4)),
                WindowStart = opens, WindowEnd = opens.AddHours(3), RequiredSkills = request.VisitType == VisitType.Install ? ["three_phase"] : [],
            }, cancellation);
        }
    }

    private static Guid VisitOf(DemoRequest request) => DemoCommands.IdOf($"visit/{request.Key}");

    private static Guid OrderOf(DemoRequest request) => DemoCommands.IdOf($"order/{request.Key}");

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
        var act = visit.Job.IsRejected
            ? new ActOnOrder(OrderAction.RejectWork) { Reason = "The charger hangs askew; the customer called." }
            : new ActOnOrder(OrderAction.Complete);
        var signed = await commands.RepeatAsync(
            () => grains.GetGrain<IEntityGrain<Order>>(OrderOf(visit.Job)).ExecuteAsync(act, commands.NewContext()), cancellation);
        if (signed.Succeeded && visit.Job.IsRejected)
        {
            await MendAsync(visit.Job, signed.Value, cancellation);
        }

        if (signed.Succeeded || tries >= MostTries)
        {
            visit.IsToBeSignedOff = false;
            _refusedCompletions.TryRemove(visit.Id, out _);
        }
    }

    /// <summary>Work that was rejected is done again by another visit, which waits to be planned.</summary>
    private async Task MendAsync(DemoJob job, Order order, CancellationToken cancellation)
    {
        var again = DemoCommands.IdOf($"visit/{job.Key}/again");
        var make = new MakeVisit(
            new() { VisitType = VisitType.Rework, AddressId = order.InstallationAddressId, EstimatedMinutes = 60 },
            order.Id, order.BusinessEntity!.Value, await NumberAsync(order.BusinessEntity.Value, NumberType.Visit, again, cancellation), 2, [],
            signOff.ListFor(VisitType.Rework));
        await OkAsync(commands.ExecuteAsync(again, make, $"visit/{job.Key}/again", cancellation), job);
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
        var (visit, address) = (VisitOf(job), await CustomerAsync(job, cancellation));
        var details = DetailsOf(job, van, address, VanDay.DateOf(job.PlannedStart));
        return await PlaceAsync(job, van, details, cancellation)
            && await AgreeAsync(job, details, cancellation)
            && await MakeVisitAsync(job, van, new()
            {
                VisitType = job.VisitType, AddressId = address, TeamId = crew, VehicleId = vehicle,
                EstimatedMinutes = (int)(job.PlannedEnd - job.PlannedStart).TotalMinutes,
                WindowStart = job.WindowStart, WindowEnd = job.WindowEnd,
            }, cancellation)
            && await OkAsync(commands.ExecuteAsync(visit, new ActOnVisit(VisitAction.Schedule)
            {
                ScheduledStart = job.PlannedStart, ScheduledEnd = job.PlannedEnd, TeamId = crew, VehicleId = vehicle,
            }, $"visit/{job.Key}/schedule", cancellation), job)
            && await OkAsync(commands.ExecuteAsync(visit, new ActOnVisit(VisitAction.Confirm), $"visit/{job.Key}/confirm", cancellation), job);
    }

    private async Task<bool> PlaceAsync(DemoRequest request, Van van, OrderDetails details, CancellationToken cancellation)
    {
        var order = OrderOf(request);
        var number = await NumberAsync(van.BusinessEntity, NumberType.Order, order, cancellation);
        return await OkAsync(commands.ExecuteAsync(order, new PlaceOrder(details, number, [.. LinesOf(request, order)]), $"order/{request.Key}", cancellation), request);
    }

    private async Task<bool> MakeVisitAsync(DemoRequest request, Van van, VisitDetails details, CancellationToken cancellation)
    {
        var visit = VisitOf(request);
        var number = await NumberAsync(van.BusinessEntity, NumberType.Visit, visit, cancellation);
        var make = new MakeVisit(details, OrderOf(request), van.BusinessEntity, number, 1, [], signOff.ListFor(request.VisitType));
        return await OkAsync(commands.ExecuteAsync(visit, make, $"visit/{request.Key}", cancellation), request);
    }

    private static OrderDetails DetailsOf(DemoRequest request, Van van, Guid address, DateOnly wanted) => new()
    {
        OrderType = request.OrderType, BusinessEntity = van.BusinessEntity, CustomerOrganizationId = DemoCommands.IdOf($"customer/{request.Key}"),
        PrimaryContactId = DemoCommands.IdOf($"contact/{request.Key}"), InstallationAddressId = address, PriorityLevel = request.Priority,
        PartnerOrganizationId = van.Number % 4 == 1 ? DemoCommands.IdOf($"partner/{Partners[van.Number % Partners.Length]}") : null,
        RequestedDate = wanted,
    };

    private async Task<Guid> CustomerAsync(DemoRequest request, CancellationToken cancellation)
    {
        var customer = await MakeAsync<Organization, OrganizationDetails>($"customer/{request.Key}", new()
        {
            Name = request.Customer, OrganizationType = request.IsFirm ? OrganizationType.CustomerBusiness : OrganizationType.CustomerIndividual,
            Email = request.Contact.EmailAt("customer.example"),
        }, cancellation);
        await MakeAsync<Contact, ContactDetails>($"contact/{request.Key}", new()
        {
            OrganizationId = customer, FirstName = request.Contact.FirstName, LastName = request.Contact.LastName, Email = request.Contact.EmailAt("customer.example"),
            ContactType = ContactType.Customer, IsPrimary = true,
        }, cancellation);
        return await MakeAsync<Address, AddressDetails>($"address/{request.Key}", new()
        {
            EntityType = AddressOwner.Organization, EntityId = customer, AddressType = AddressType.Installation, StreetAddress = request.Street,
            StreetNumber = request.HouseNumber, PostalCode = request.Postcode, City = request.Town.Name,
            Coordinates = new((decimal)Math.Round(request.Place.Latitude, 6), (decimal)Math.Round(request.Place.Longitude, 6)),
        }, cancellation);
    }

    private static bool NeedsQuote(DemoRequest request, OrderDetails details) =>
        details.PartnerOrganizationId is null && request.OrderType != OrderType.Service;

    /// <summary>What must be agreed before anybody goes: with a quote, or without one where it needs none.</summary>
    private async Task<bool> AgreeAsync(DemoRequest request, OrderDetails details, CancellationToken cancellation)
    {
        var order = OrderOf(request);
        return NeedsQuote(request, details)
            ? await OkAsync(commands.ExecuteAsync(order, new ActOnOrder(OrderAction.SubmitQuote), $"order/{request.Key}/quote", cancellation), request)
                && await OkAsync(commands.ExecuteAsync(
                    order, new ActOnOrder(OrderAction.AcceptQuote) { AcceptedByName = request.Contact.Name }, $"order/{request.Key}/accept", cancellation), request)
            : await OkAsync(commands.ExecuteAsync(order, new ActOnOrder(OrderAction.Approve), $"order/{request.Key}/approve", cancellation), request);
    }

    private static IEnumerable<LineItem> LinesOf(DemoRequest request, Guid order)
    {
        string[] skus = request.OrderType switch
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

    private async Task<string> NumberAsync(BusinessEntity entity, NumberType type, Guid owner, CancellationToken cancellation)
    {
        var series = new NumberSeries(entity, type);
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

    private async Task<bool> OkAsync<T>(Task<Result<T>> asked, DemoRequest request)
        where T : class
    {
        var answer = await asked;
        if (!answer.Succeeded)
        {
            LogRefused(logger, request.Key, answer.Error.Detail);
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
