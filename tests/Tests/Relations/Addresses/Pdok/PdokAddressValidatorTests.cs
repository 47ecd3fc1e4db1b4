using System.Globalization;
using ChargeCars.Relations.Addresses;
using ChargeCars.Relations.Addresses.Pdok;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Relations.Addresses.Pdok;

public sealed class PdokAddressValidatorTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly List<ServiceProvider> _providers = [];
    private StandInPdok _pdok = null!;

    public async Task InitializeAsync() => _pdok = await StandInPdok.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await _pdok.DisposeAsync();
    }

    [Fact]
    public async Task Exact_IsValidWithPlaceAndProof()
    {
        _pdok.Add("Dorpsstraat", 14, "D", "1");

        var finding = Assert.IsType<AddressValid>(await ValidateAsync(Written("14 d 1")));

        Assert.Equal("pdok", finding.Source);
        Assert.Equal(
            new RegisteredAddress(
                "0356200000000000", "Dorpsstraat", new(14, 'D', "1"), "3435RA", "Nieuwegein", "Nieuwegein", "Utrecht",
                Latitude: 52.0306, Longitude: 5.0998, "0356010000000001"),
            finding.Address);
        Assert.Contains("fq=type:adres&fq=postcode:3435RA&fq=huisnummer:14&", Assert.Single(_pdok.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("118", "118")]
    [InlineData("118a", "118A")]
    [InlineData("118-A", "118A")]
    [InlineData("118 bis", "118-BIS")]
    [InlineData("118c", "118-C")]
    public async Task LetterOrAddition_IsFoundAsTheRegisterHasIt(string written, string registered)
    {
        _pdok.Add("Dorpsstraat", 118);
        _pdok.Add("Dorpsstraat", 118, "A");
        _pdok.Add("Dorpsstraat", 118, null, "bis");
        _pdok.Add("Dorpsstraat", 118, null, "C");

        Assert.Equal(registered, Assert.IsType<AddressValid>(await ValidateAsync(Written(written))).Address.HouseNumber.ToString());
    }

    [Fact]
    public async Task AnotherAddition_OffersWhatThereIsAndTakesNone()
    {
        _pdok.Add("Dorpsstraat", 118, "A");
        _pdok.Add("Dorpsstraat", 118, null, "10");
        _pdok.Add("Dorpsstraat", 118, null, "2");
        _pdok.Add("Dorpsstraat", 118);

        Assert.Equal(["118", "118-2", "118-10", "118A"], Candidates(await ValidateAsync(Written("118-3"))));
    }

    [Fact]
    public async Task LetterAndAdditionBothThere_OffersBoth()
    {
        _pdok.Add("Dorpsstraat", 118, "A");
        _pdok.Add("Dorpsstraat", 118, null, "A");

        Assert.Equal(["118-A", "118A"], Candidates(await ValidateAsync(Written("118a"))));
    }

    [Fact]
    public async Task TwoStreetsOfOnePostcode_TheOneThatWasWritten()
    {
        _pdok.Add("Plein 1944", 14);
        _pdok.Add("Eerste Dorpsstraat", 14);

        Assert.Equal("Plein 1944", Assert.IsType<AddressValid>(await ValidateAsync(Written("14", "plein 1944"))).Address.Street);
        Assert.Equal("Eerste Dorpsstraat", Assert.IsType<AddressValid>(await ValidateAsync(Written("14", "1e Dorpsstr."))).Address.Street);
    }

    [Fact]
    public async Task AnotherStreet_IsOfferedButNotTaken()
    {
        _pdok.Add("Dorpsstraat", 14);

        Assert.Equal(["14"], Candidates(await ValidateAsync(Written("14", "Kerkweg"))));
    }

    [Fact]
    public async Task NoSuchNumber_IsNotFound()
    {
        _pdok.Add("Dorpsstraat", 14);

        Assert.IsType<AddressNotFound>(await ValidateAsync(Written("15")));
    }

    [Fact]
    public async Task MoreThanAPage_IsReadToTheEnd()
    {
        for (var addition = 1; addition <= 250; addition++)
        {
            _pdok.Add("Dorpsstraat", 14, null, addition.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal("14-250", Assert.IsType<AddressValid>(await ValidateAsync(Written("14-250"))).Address.HouseNumber.ToString());
        Assert.Equal(3, _pdok.Requests.Count);
    }

    [Fact]
    public async Task Again_IsAnsweredFromMemoryUntilItIsOld()
    {
        _pdok.Add("Dorpsstraat", 14);
        _pdok.Add("Dorpsstraat", 14, "A");
        var validator = Validator(_time);

        await AskAsync("14", "14", "14a");
        Assert.Single(_pdok.Requests);
        _time.Advance(TimeSpan.FromHours(24));
        await AskAsync("14");
        Assert.Equal(2, _pdok.Requests.Count);

        async Task AskAsync(params string[] numbers)
        {
            foreach (var number in numbers)
            {
                Assert.IsType<AddressValid>(await validator.ValidateAsync(Written(number), CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task NotFound_IsForgottenWithinTheHour()
    {
        var validator = Validator(_time);
        Assert.IsType<AddressNotFound>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
        Assert.IsType<AddressNotFound>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
        Assert.Single(_pdok.Requests);

        _pdok.Add("Dorpsstraat", 14);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<AddressValid>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(503, "")]
    [InlineData(429, "")]
    [InlineData(404, "{}")]
    [InlineData(200, "")]
    [InlineData(200, "<html>maintenance</html>")]
    [InlineData(200, "{}")]
    [InlineData(200, "null")]
    [InlineData(200, """{"response":null}""")]
    [InlineData(200, """{"response":{"numFound":1,"start":0,"docs":[]}}""")]
    [InlineData(200, """{"response":{"numFound":1,"start":0,"docs":[{}]}}""")]
    [InlineData(200, """{"response":{"numFound":1,"start":0,"docs":[{"type":"adres"}]""")]
    public async Task Fault_IsUnknownAndNotRemembered(int status, string body)
    {
        _pdok.Add("Dorpsstraat", 14);
        _pdok.Refusal = (status, body);
        var validator = Validator();

        Assert.IsType<AddressUnknown>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
        _pdok.Refusal = null;
        Assert.IsType<AddressValid>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
    }

    /// <summary>The query is a customer's address, and is told to nobody but whom the configuration names.</summary>
    [Fact]
    public async Task SentOnElsewhere_IsUnknown_AndNobodyElseIsAsked()
    {
        await using var other = await StandInPdok.StartAsync();
        other.Add("Dorpsstraat", 14);
        _pdok.SendsOnTo = other.Address;

        Assert.IsType<AddressUnknown>(await ValidateAsync(Written("14")));
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("POINT(52.0306)")]
    [InlineData("")]
    [InlineData("POINT(5.0998,52.0306)")]
    [InlineData("POINT(NaN 52.0306)")]
    public async Task PlaceThatCannotBeRead_IsUnknown(string point)
    {
        _pdok.Add("Dorpsstraat", 14)["centroide_ll"] = point;

        Assert.IsType<AddressUnknown>(await ValidateAsync(Written("14")));
    }

    [Fact]
    public async Task Silence_IsUnknown()
    {
        _pdok.IsSilent = true;

        Assert.IsType<AddressUnknown>(await Validator(("Timeout", "00:00:00.2")).ValidateAsync(Written("14"), CancellationToken.None));
    }

    [Fact]
    public async Task NobodyThere_IsUnknown()
    {
        var validator = Validator();
        await _pdok.DisposeAsync();

        Assert.IsType<AddressUnknown>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
    }

    [Fact]
    public async Task Down_IsNotAskedEveryTime()
    {
        _pdok.Refusal = (503, "");
        var validator = Validator();
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<AddressUnknown>(await validator.ValidateAsync(Written("14"), CancellationToken.None));
        }

        Assert.InRange(_pdok.Requests.Count, 5, 10);
    }

    [Fact]
    public async Task CallerThatGivesUp_IsNotAnswered()
    {
        _pdok.IsSilent = true;
        using var gone = new CancellationTokenSource();
        var answer = Validator(("Timeout", "00:00:30")).ValidateAsync(Written("14"), gone.Token).AsTask();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task WhatItCannotHold_IsNotAsked()
    {
        Assert.IsType<AddressUnknown>(await ValidateAsync(new("Rue Neuve", "5", "1000", "Bruxelles", "Belgium")));
        Assert.IsType<AddressUnknown>(await ValidateAsync(Written(null)));
        Assert.IsType<AddressNotFound>(await ValidateAsync(Written("14 boven")));
        Assert.IsType<AddressNotFound>(await ValidateAsync(Written("14") with { PostalCode = "3435SS" }));
        Assert.Empty(_pdok.Requests);
    }

    [Fact]
    public async Task NotConfigured_IsUnknown() =>
        Assert.IsType<AddressUnknown>(await Validator(("Address", "")).ValidateAsync(Written("14"), CancellationToken.None));

    [Theory]
    [InlineData("Address", "http://example.nl", "Address must be an https address")]
    [InlineData("Address", "not an address", "Address must be an https address")]
    [InlineData("Timeout", "00:01:00", "Timeout must be")]
    [InlineData("CacheFor", "-1.00:00:00", "CacheFor must be")]
    [InlineData("CacheSize", "0", "CacheSize must be")]
    public void Options_OutOfBounds_NameTheKey(string key, string value, string fault)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Validator((key, value)));

        Assert.Contains("ChargeCars:Addresses:Pdok:" + fault, failure.Message, StringComparison.Ordinal);
    }

    private static PostalAddress Written(string? number, string street = "Dorpsstraat") => new(street, number, "3435 RA", "Nieuwegein");

    private static IEnumerable<string> Candidates(AddressFinding finding) =>
        Assert.IsType<AddressAmbiguous>(finding).Candidates.Select(candidate => candidate.HouseNumber.ToString());

    private ValueTask<AddressFinding> ValidateAsync(PostalAddress address) => Validator().ValidateAsync(address, CancellationToken.None);

    private IAddressValidator Validator(params (string Key, string Value)[] settings) => Validator(TimeProvider.System, settings);

    private IAddressValidator Validator(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var configuration = new Dictionary<string, string?>();
        foreach (var (key, value) in settings.Prepend(("Timeout", "00:00:20")).Prepend(("Address", _pdok.Address)))
        {
            configuration[$"{PdokOptions.Section}:{key}"] = value;
        }

        var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build())
            .AddSingleton(time)
            .AddLogging()
            .AddAddressValidation()
            .BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<IAddressValidator>();
    }
}
