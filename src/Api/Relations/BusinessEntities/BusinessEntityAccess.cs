using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Relations.BusinessEntities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Relations.BusinessEntities;

/// <summary>The five names; whoever sees relations sees the own ones.</summary>
internal sealed class BusinessEntityAccess : IEntityAccess<BusinessEntityProfile, BusinessEntityProfileDetails>
{
    public static string Route => "/api/business-entities";

    public static string Noun => "business entity";

    public static string Nouns => "business entities";

    public static string Read => Permissions.RelationsRead;

    public static string Write => Permissions.BusinessEntitiesManage;

    public static bool IsDeletable => false;

    public static BusinessEntityProfileDetails Example => new()
    {
        EntityCode = BusinessEntity.Chargecars, LegalName = "ChargeCars B.V.", TradeName = "ChargeCars", BankAccount = "NL91ABNA0417164300",
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(text.OfBusinessEntities(caller, column: "entity_code"));
    }

    public static Error? RefuseWriting(Caller caller, BusinessEntityProfileDetails details, BusinessEntityProfile? before) =>
        BusinessEntityScope.RefuseLimited(caller, "The five names");
}
