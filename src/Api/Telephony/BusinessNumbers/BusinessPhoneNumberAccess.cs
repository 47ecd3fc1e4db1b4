using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Telephony.BusinessNumbers;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Telephony.BusinessNumbers;

/// <summary>The company's own numbers, of the caller's business entities.</summary>
internal sealed class BusinessPhoneNumberAccess : IEntityAccess<BusinessPhoneNumber, BusinessPhoneNumberDetails>
{
    public static string Route => "/api/business-phone-numbers";

    public static string Noun => "business phone number";

    public static string Read => Permissions.CallsRead;

    public static string Write => Permissions.BusinessEntitiesManage;

    public static BusinessPhoneNumberDetails Example => new() { AircallId = "123456", Name = "Service desk", Digits = "+31850123456" };

    public static ScopeCondition? Visible(Caller caller) => BusinessEntityScope.OfCompany(caller);

    public static Error? RefuseWriting(Caller caller, BusinessPhoneNumberDetails details, BusinessPhoneNumber? before) =>
        BusinessEntityScope.RefuseLimited(caller, "The company's numbers");

    public static IEnumerable<EntityReference> References(BusinessPhoneNumberDetails details) =>
        [new("businessEntityId", "business_entity", details.BusinessEntityId)];
}
