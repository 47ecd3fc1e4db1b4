using Microsoft.Extensions.Options;

namespace ChargeCars.Catalogue.Stock;

/// <summary>How stock is kept: <c>ChargeCars:Stock</c>.</summary>
public sealed class StockOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Stock";

    /// <summary>From which time of the night on, by the clock in Amsterdam, the stock is checked once a day; 03:00.</summary>
    public TimeOnly CheckAt { get; set; } = new(3, 0);

    /// <summary>For how many months a charger is vouched for from its installation on, where its product does not say; 24.</summary>
    public int WarrantyMonths { get; set; } = 24;

    internal sealed class Validator : IValidateOptions<StockOptions>
    {
        public ValidateOptionsResult Validate(string? name, StockOptions options) => options.WarrantyMonths is < 0 or > 240
            ? ValidateOptionsResult.Fail($"{Section}:{nameof(WarrantyMonths)} must be 0 to 240.")
            : ValidateOptionsResult.Success;
    }
}
