Console.WriteLine("ChargeCars");
