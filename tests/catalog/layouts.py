"""Small lists in the offices' own layouts. Every party in them is invented."""

from __future__ import annotations

OFAC_XML = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
 <publshInformation><Publish_Date>04/22/2025</Publish_Date><Record_Count>8197</Record_Count></publshInformation>
 <sdnEntry><uid>40</uid><firstName>Orvald</firstName><lastName>TESKARIN</lastName><title>Director</title><sdnType>Individual</sdnType>
  <remarks>(Linked To: INVENTED LINES); Gender Male</remarks>
  <programList><program>EXA</program><program>EXB</program></programList>
  <idList><id><uid>1</uid><idType>Passport</idType><idNumber>A1234567</idNumber><idCountry>Egypt</idCountry></id>
   <id><uid>2</uid><idType>Secondary sanctions risk:</idType><idNumber>section 1(b)</idNumber></id></idList>
  <akaList><aka><uid>3</uid><type>a.k.a.</type><category>strong</category><lastName>TESKARINOV</lastName><firstName>O.</firstName></aka>
   <aka><uid>4</uid><type>a.k.a.</type><category>weak</category><lastName>OWL</lastName></aka>
   <aka><uid>5</uid><type>f.k.a.</type><category>strong</category><lastName>OLD NAME</lastName></aka></akaList>
  <addressList><address><uid>6</uid><address1>1 Quay</address1><city>Nowhere</city><country>Korea, North</country></address></addressList>
  <nationalityList><nationality><uid>7</uid><country>Iran</country><mainEntry>true</mainEntry></nationality></nationalityList>
  <dateOfBirthList><dateOfBirthItem><uid>8</uid><dateOfBirth>05 Jun 1950</dateOfBirth></dateOfBirthItem>
   <dateOfBirthItem><uid>9</uid><dateOfBirth>circa 1951</dateOfBirth></dateOfBirthItem></dateOfBirthList>
  <placeOfBirthList><placeOfBirthItem><uid>10</uid><placeOfBirth>Nowhere, Exampland</placeOfBirth></placeOfBirthItem></placeOfBirthList>
 </sdnEntry>
 <sdnEntry><uid>50</uid><lastName>ZUMURRUD STAR</lastName><sdnType>Vessel</sdnType>
  <programList><program>EXA</program></programList>
  <idList><id><uid>11</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9074729</idNumber></id>
   <id><uid>12</uid><idType>MMSI</idType><idNumber>572469210</idNumber></id></idList>
  <vesselInfo><callSign>ABCD</callSign><vesselType>Tug</vesselType><vesselFlag>Panama</vesselFlag><vesselOwner>Owner Co</vesselOwner></vesselInfo>
 </sdnEntry>
 <sdnEntry><uid>60</uid><sdnType>Entity</sdnType></sdnEntry>
</sdnList>
"""

OFAC_ADVANCED = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0" Version="3">
 <DateOfIssue CalendarTypeID="1"><Year>2025</Year><Month>4</Month><Day>22</Day></DateOfIssue>
 <ReferenceValueSets>
  <AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
  <AreaCodeValues><AreaCode ID="11" Description="Korea, North">KP</AreaCode></AreaCodeValues>
  <CountryValues><Country ID="1">Iran</Country><Country ID="2">Panama</Country></CountryValues>
  <DetailReferenceValues><DetailReference ID="91">Male</DetailReference><DetailReference ID="92">Tug</DetailReference></DetailReferenceValues>
  <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="9">Place of Birth</FeatureType>
   <FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="25">Location</FeatureType><FeatureType ID="26">Title</FeatureType>
   <FeatureType ID="224">Gender</FeatureType><FeatureType ID="1">Vessel Call Sign</FeatureType><FeatureType ID="2">VESSEL TYPE</FeatureType>
   <FeatureType ID="3">Vessel Flag</FeatureType><FeatureType ID="344">Digital Currency Address - XBT</FeatureType>
   <FeatureType ID="104">Organization Established Date</FeatureType><FeatureType ID="504">Additional Sanctions Information -</FeatureType></FeatureTypeValues>
  <IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType><IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType></IDRegDocTypeValues>
  <ListValues><List ID="1550">SDN List</List><List ID="91507">Consolidated List</List><List ID="91512">Non-SDN Invented List</List></ListValues>
  <LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType><LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
  <NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
   <NamePartType ID="1525">Entity Name</NamePartType><NamePartType ID="1526">Vessel Name</NamePartType></NamePartTypeValues>
  <PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
   <PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
  <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType><PartyType ID="4">Transport</PartyType></PartyTypeValues>
  <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="2">Block</SanctionsType></SanctionsTypeValues>
  <ScriptValues><Script ID="215" ScriptCode="Latn">Latin</Script><Script ID="220" ScriptCode="Cyrl">Cyrillic</Script></ScriptValues>
 </ReferenceValueSets>
 <Locations>
  <Location ID="25"><LocationCountry CountryID="1"/></Location>
  <Location ID="26"><LocationAreaCode AreaCodeID="11"/>
   <LocationPart LocPartTypeID="1451"><LocationPartValue Primary="true"><Value>1 Quay</Value></LocationPartValue></LocationPart>
   <LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Nowhere</Value></LocationPartValue></LocationPart></Location>
 </Locations>
 <IDRegDocuments>
  <IDRegDocument ID="2" IDRegDocTypeID="1571" IdentityID="6746" IssuedBy-CountryID="1"><IDRegistrationNo>A1234567</IDRegistrationNo></IDRegDocument>
  <IDRegDocument ID="9" IDRegDocTypeID="1626" IdentityID="1663"><IDRegistrationNo>IMO 9074729</IDRegistrationNo></IDRegDocument>
  <IDRegDocument ID="10" IDRegDocTypeID="1571" IdentityID="6746"><Comment/></IDRegDocument>
 </IDRegDocuments>
 <DistinctParties>
  <DistinctParty FixedRef="40"><Comment>A remark</Comment><Profile ID="40" PartySubTypeID="4">
   <Identity ID="6746" FixedRef="40" Primary="true">
    <Alias FixedRef="40" AliasTypeID="1403" Primary="true" LowQuality="false">
     <DocumentedName ID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="71" ScriptID="215">TESKARIN</NamePartValue></DocumentedNamePart>
      <DocumentedNamePart><NamePartValue NamePartGroupID="72" ScriptID="215">Orvald</NamePartValue></DocumentedNamePart></DocumentedName>
     <DocumentedName ID="2"><DocumentedNamePart><NamePartValue NamePartGroupID="71" ScriptID="220">ТЕСКАРИН</NamePartValue></DocumentedNamePart>
      <DocumentedNamePart><NamePartValue NamePartGroupID="72" ScriptID="220">Орвальд</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
    <Alias FixedRef="40" AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="3">
     <DocumentedNamePart><NamePartValue NamePartGroupID="71" ScriptID="215">OWL</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
    <Alias FixedRef="40" AliasTypeID="1401" Primary="false" LowQuality="false"><DocumentedName ID="4">
     <DocumentedNamePart><NamePartValue NamePartGroupID="71" ScriptID="215">OLD</NamePartValue></DocumentedNamePart>
     <DocumentedNamePart><NamePartValue NamePartGroupID="72" ScriptID="215">Name</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
    <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="71" NamePartTypeID="1520"/></MasterNamePartGroup>
     <MasterNamePartGroup><NamePartGroup ID="72" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity>
   <Feature ID="1000" FeatureTypeID="8"><FeatureVersion ID="1"><DatePeriod><Start Approximate="false"><From><Year>1950</Year><Month>6</Month><Day>5</Day></From>
     <To><Year>1950</Year><Month>6</Month><Day>5</Day></To></Start><End Approximate="false"><From><Year>1950</Year><Month>6</Month><Day>5</Day></From>
     <To><Year>1950</Year><Month>6</Month><Day>5</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="1001" FeatureTypeID="8"><FeatureVersion ID="2"><DatePeriod><Start Approximate="true"><From><Year>1951</Year><Month>1</Month><Day>1</Day></From></Start>
     <End Approximate="true"><To><Year>1951</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="1002" FeatureTypeID="8"><FeatureVersion ID="3"><DatePeriod><Start><From><Year>1958</Year><Month>1</Month><Day>1</Day></From></Start>
     <End><To><Year>1963</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="1003" FeatureTypeID="9"><FeatureVersion ID="4"><VersionDetail DetailTypeID="1432">Nowhere, Exampland</VersionDetail></FeatureVersion></Feature>
   <Feature ID="1004" FeatureTypeID="10"><FeatureVersion ID="5"><VersionLocation LocationID="25"/></FeatureVersion></Feature>
   <Feature ID="1005" FeatureTypeID="25"><FeatureVersion ID="6"><VersionLocation LocationID="26"/></FeatureVersion></Feature>
   <Feature ID="1006" FeatureTypeID="26"><FeatureVersion ID="7"><VersionDetail DetailTypeID="1432">Director</VersionDetail></FeatureVersion></Feature>
   <Feature ID="1007" FeatureTypeID="224"><FeatureVersion ID="8"><VersionDetail DetailTypeID="1431" DetailReferenceID="91"/></FeatureVersion></Feature>
   <Feature ID="1008" FeatureTypeID="344"><FeatureVersion ID="9"><VersionDetail DetailTypeID="1432">1Inv3nt3d</VersionDetail></FeatureVersion></Feature>
   <Feature ID="1009" FeatureTypeID="504"><FeatureVersion ID="10"><VersionDetail DetailTypeID="1432">Subject to something</VersionDetail></FeatureVersion></Feature>
  </Profile></DistinctParty>
  <DistinctParty FixedRef="50"><Comment/><Profile ID="50" PartySubTypeID="1"><Identity ID="1663" Primary="true">
    <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="5">
     <DocumentedNamePart><NamePartValue NamePartGroupID="73" ScriptID="215">ZUMURRUD STAR</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
    <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="73" NamePartTypeID="1526"/></MasterNamePartGroup></NamePartGroups></Identity>
   <Feature ID="1010" FeatureTypeID="1"><FeatureVersion ID="11"><VersionDetail DetailTypeID="1432">ABCD</VersionDetail></FeatureVersion></Feature>
   <Feature ID="1011" FeatureTypeID="2"><FeatureVersion ID="12"><VersionDetail DetailTypeID="1431" DetailReferenceID="92"/></FeatureVersion></Feature>
   <Feature ID="1012" FeatureTypeID="3"><FeatureVersion ID="13"><VersionDetail DetailTypeID="1432">Panama</VersionDetail></FeatureVersion></Feature>
  </Profile></DistinctParty>
  <DistinctParty FixedRef="60"><Profile ID="60" PartySubTypeID="3"><Identity ID="1700" Primary="true">
    <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="6">
     <DocumentedNamePart><NamePartValue NamePartGroupID="74" ScriptID="215">INVENTED BANK</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity>
   <Feature ID="1013" FeatureTypeID="104"><FeatureVersion ID="14"><DatePeriod><Start><From><Year>1994</Year><Month>3</Month><Day>2</Day></From></Start></DatePeriod></FeatureVersion></Feature>
  </Profile></DistinctParty>
  <DistinctParty FixedRef="70"><Profile ID="70" PartySubTypeID="3"><Identity ID="1800" Primary="true"><Alias AliasTypeID="1403" Primary="true"><DocumentedName ID="7">
     <DocumentedNamePart><NamePartValue NamePartGroupID="75" ScriptID="215">LISTED NOWHERE</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity></Profile></DistinctParty>
 </DistinctParties>
 <ProfileRelationships/>
 <SanctionsEntries>
  <SanctionsEntry ID="1" ProfileID="40" ListID="1550"><EntryEvent ID="1" EntryEventTypeID="1"><Date><Year>2001</Year><Month>12</Month><Day>4</Day></Date></EntryEvent>
   <SanctionsMeasure ID="1" SanctionsTypeID="1"><Comment>EXA</Comment></SanctionsMeasure><SanctionsMeasure ID="2" SanctionsTypeID="2"><Comment/></SanctionsMeasure></SanctionsEntry>
  <SanctionsEntry ID="2" ProfileID="50" ListID="1550"><SanctionsMeasure ID="3" SanctionsTypeID="1"><Comment>EXA</Comment></SanctionsMeasure></SanctionsEntry>
  <SanctionsEntry ID="3" ProfileID="60" ListID="91507"/><SanctionsEntry ID="4" ProfileID="60" ListID="91512"/>
  <SanctionsEntry ID="5" ProfileID="60" ListID="1550"><SanctionsMeasure ID="4" SanctionsTypeID="1"><Comment>EXB</Comment></SanctionsMeasure></SanctionsEntry>
 </SanctionsEntries>
</Sanctions>
"""

EU_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2025-04-15T15:29:22.497+02:00" globalFileId="1">
 <sanctionEntity designationDate="2008-07-03" designationDetails="" unitedNationId="XXi.001" euReferenceNumber="EU.27.28" logicalId="13">
  <remark>A remark on the entry</remark>
  <regulation regulationType="amendment" programme="EXA" logicalId="1"><publicationUrl>http://example.invalid</publicationUrl></regulation>
  <subjectType code="person" classificationCode="P"/>
  <nameAlias firstName="Orvald" middleName="" lastName="TESKARIN" wholeName="Orvald TESKARIN" function="Director" gender="M" title="Dr" nameLanguage="EN" strong="true" logicalId="2"/>
  <nameAlias firstName="" middleName="" lastName="" wholeName="Орвальд Тескарин" function="" title="" nameLanguage="RU" strong="true" logicalId="3"/>
  <nameAlias firstName="Orv" middleName="" lastName="OWL" wholeName="" function="" title="" nameLanguage="" strong="false" logicalId="4"/>
  <citizenship countryIso2Code="IR" countryDescription="IRAN" logicalId="5"/>
  <citizenship countryIso2Code="00" countryDescription="UNKNOWN" logicalId="6"/>
  <birthdate circa="false" calendarType="GREGORIAN" city="Nowhere" birthdate="1950-06-05" dayOfMonth="5" monthOfYear="6" year="1950" countryIso2Code="IR" countryDescription="IRAN" logicalId="7"/>
  <birthdate circa="true" calendarType="GREGORIAN" city="" year="1951" logicalId="8"/>
  <birthdate circa="false" calendarType="GREGORIAN" yearRangeFrom="1958" yearRangeTo="1963" logicalId="9"/>
  <birthdate circa="false" calendarType="GREGORIAN" monthOfYear="4" year="1970" logicalId="14"/>
  <birthdate circa="false" calendarType="ISLAMIC" year="1390" logicalId="10"/>
  <identification number="A1234567 (issued in Nowhere)" identificationTypeCode="passport" identificationTypeDescription="National passport" knownFalse="false" logicalId="11"/>
  <identification number="F000000" identificationTypeCode="passport" knownFalse="true" logicalId="12"/>
  <address city="Nowhere" street="1 Quay" poBox="" zipCode="99" countryIso2Code="FR" countryDescription="FRANCE" logicalId="13"/>
 </sanctionEntity>
 <sanctionEntity euReferenceNumber="EU.28.1" logicalId="14"><subjectType code="enterprise" classificationCode="E"/>
  <regulation programme="EXA"/><nameAlias wholeName="Invented Works" strong="true"/></sanctionEntity>
 <sanctionEntity euReferenceNumber="EU.29.1" logicalId="15"><subjectType code="person" classificationCode="P"/></sanctionEntity>
</export>
"""

EU_CSV_11 = (
    "\ufefffileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;Entity_DesignationDate;Entity_DesignationDetails;"
    "Entity_Remark;Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_Programme;NameAlias_LastName;NameAlias_FirstName;"
    "NameAlias_WholeName;NameAlias_NameLanguage;NameAlias_Gender;NameAlias_Function;Address_City;Address_Street;Address_CountryIso2Code;"
    "Address_CountryDescription;BirthDate_BirthDate;BirthDate_Day;BirthDate_Month;BirthDate_Year;BirthDate_YearRangeFrom;BirthDate_YearRangeTo;"
    "BirthDate_Circa;BirthDate_CalendarType;Identification_Number;Identification_TypeCode;Identification_TypeDescription;Citizenship_CountryIso2Code\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;person;P;EXA;TESKARIN;Orvald;Orvald TESKARIN;EN;M;Director;;;;;;;;;;;;;;;;\r\n"
    "15/04/2025;14;EU.28.1;;;;;enterprise;E;EXA;;;Invented Works;;;;;;;;;;;;;;;;;;;\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;P;P;EXA;;;Орвальд Тескарин;RU;;;;;;;;;;;;;;;;;;\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;P;P;EXA;;;;;;;Nowhere;1 Quay;FR;FRANCE;;;;;;;;;;;;\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;P;P;EXA;;;;;;;;;;;1950-06-05;5;6;1950;;;false;GREGORIAN;;;;\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;P;P;EXA;;;;;;;;;;;;;;;1958;1963;false;GREGORIAN;;;;\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;P;P;EXA;;;;;;;;;;;;;;;;;;;A1234567;passport;National passport;\r\n"
    "15/04/2025;13;EU.27.28;XXi.001;2008-07-03;;A remark;P;P;EXA;;;;;;;;;;;;;;;;;;;;;;IR\r\n"
)

EU_CSV_10 = (
    "Date_file;Entity_logical_id;Subject_type;Leba_numtitle;Programme;Entity_remark;Naal_logical_id;Naal_lastname;Naal_firstname;Naal_wholename;"
    "Naal_gender;Naal_function;Addr_street;Addr_city;Addr_country;Birt_date;Birt_plcae;Birt_country;Iden_number;Iden_country;Citi_country;"
    "Entity_logical_id;EU_ref_num\r\n"
    "15/04/2025;13;P;1/2008;EXA;A remark;2;TESKARIN;Orvald;Orvald TESKARIN;M;Director;;;;;;;;;;13;EU.27.28\r\n"
    "15/04/2025;13;P;1/2008;EXA;A remark;;;;;;;1 Quay;Nowhere;FR;;;;;;;;EU.27.28\r\n"
    "15/04/2025;13;P;1/2008;EXA;A remark;;;;;;;;;;1950-06-05;Nowhere;IRAN;;;;;EU.27.28\r\n"
    "15/04/2025;13;P;1/2008;EXA;A remark;;;;;;;;;;;;;A1234567 (passport);IR;;;EU.27.28\r\n"
    "15/04/2025;13;P;1/2008;EXA;A remark;;;;;;;;;;;;;;;IRN;;EU.27.28\r\n"
)

JOURNAL = (
    "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,previousName,country,nationality,jurisdiction,birthDate,"
    "birthPlace,position,passportNumber,gender,incorporationDate,registrationNumber,taxNumber,idNumber,innCode,leiCode,imoNumber,mmsi,flag,address,notes\n"
    '39999R0001,1,EU-EXA,I.PERSONS,Asset freeze,17.3.2014,"A reason, in words",Person,Orvald TESKARIN,"Орвальд ТЕСКАРИН; ""Owl; the""",Orv,,,'
    '"(a) Iranian, (b) Nowhereish",,"""(a) 5.6.1950; (b) 1951""",Nowhere,Director,"series 12 No 345678, issued on 1.1.2000",male,,,,,,,,,,"1 Quay, Nowhere",\n'
    "39999R0001,2,EU-EXA,I.ENTITIES,Asset freeze,,,LegalEntity,Invented Works,,,Old Works,Russia,,,,,,,,4.9.2015,1027700000001 (OGRN),7700000001,,,,,,,,\n"
    "39999R0001,,EU-EXA,IV,Export control,,,LegalEntity,No Number Works,,,,,,,,,,,,,,,,,,,,,,\n"
    "39999R0001,,EU-EXA,IV,Export control,,,LegalEntity,No Number Works,,,,,,,,,,,,,,,,,,,,,,\n"
    "39999R0001,7,EU-EXA,V,Transport,,,Asset,Zumurrud Star,,,,,,,,,,,,,,,,,,9074729,572469210,Cameroon,,\n"
)
AMENDMENT = JOURNAL.split("\n", 1)[0].replace("celex,", "amendedCelex,amendmentCelex,", 1) + (
    "\n39999R0001,39999R0002,2,EU-EXA,I.ENTITIES,Asset freeze,,,LegalEntity,Invented Works Group,,,Old Works,Russia,,,,,,,,4.9.2015,,,,,,,,,,\n"
    "39999R0001,39999R0002,8,EU-EXA,I.PERSONS,Asset freeze,,,Person,Brand New,,,,,,,,,,,,,,,,,,,,,\n"
)

_OFSI_HEAD = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script Language,DOB,Town of Birth,"
    "Country of Birth,Nationality,Passport Number,Passport Details,National Identification Number,NI Details,Position,Address 1,Address 2,Address 3,"
    "Address 4,Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,"
    "UK Sanctions List Date Designated,Last Updated,Group ID"
)
OFSI = (
    "Last Updated,27/04/2025" + "," * 34 + f"\n{_OFSI_HEAD}\n"
    "TESKARIN,Orvald,,,,,Dr,تسكارين,Arabic,Arabic,05/06/1950,Nowhere,Iran,Iran,A1234567,,,,Director,1 Quay,,,,,,99,France,"
    '"UN Ref XXi.001. (Gender):Male. Passport no: B7654321",Individual,Primary name,,Exampland,28/03/2008,,27/04/2025,9053\n'
    "INVENTED WORKS,,,,,,,,,,,,,,,,,,,,,,,,,,,(IMO number):9074729,Entity,Primary name,,Exampland,28/03/2008,,27/04/2025,9054\n"
    "OWL,,,,,,,,,,00/07/1951,,,,,,,,,,,,,,,,,,Individual,AKA,Low quality,Exampland,28/03/2008,,27/04/2025,9053\n"
    "TESKARIN,Orvaldo,,,,,,,,,00/00/1952,,,,,,,,,,,,,,,,,,Individual,FKA,,Exampland,28/03/2008,,27/04/2025,9053\n"
)

UK_SANCTIONS_LIST = (
    "\ufeffReport Date: 14-Oct-2025\r\n"
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Title,"
    "Name non-latin script,Non-latin script type,Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,"
    "Other Information,UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,Address Line 4,Address Line 5,Address Line 6,"
    "Address Postal Code,Address Country,Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),National Identifier number,"
    "National Identifier additional information,Passport number,Passport additional information,Position,Gender,Town of birth,Country of birth,"
    "Type of entity,Subsidiaries,Parent Company,Business registration number (s),IMO number,Current owner/operator (s),Previous owner/operator (s),"
    "Current believed flag of ship,Previous flags,Type of ship,Tonnage of ship,Length of ship,Year Built,Hull identification number (HIN)\r\n"
    "01/10/2025,EXA0001,9053,XXi.001,TESKARIN,Orvald,,,,,Primary Name,,,,,,Exampland,Individual,UN,Asset freeze|Travel Ban,,,1 Quay,,,,,,99,France,,,,"
    "28/03/2008,dd/mm/1951,Iran,,,A1234567,,Director,Male,Nowhere,Iran,,,,,,,,,,,,,,\r\n"
    "01/10/2025,EXA0001,9053,XXi.001,OWL,,,,,,Alias,Low quality a.k.a,,,,,Exampland,Individual,UN,Asset freeze,,,,,,,,,,,,,,28/03/2008,05/06/1950,,,,,,,,,,,,,,,,,,,,,,,\r\n"
    "01/10/2025,EXA0002,,,ZUMURRUD STAR,,,,,,Primary Name,,,,,,Exampland,Ship,UK,Prohibition of port entry,,,,,,,,,,,,,,01/03/2024,,,,,,,,,,,,,,,IMO9074729,"
    "Owner Co,,Panama,Liberia,Tug,,,,\r\n"
)

_CSL = (
    "source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,"
    "license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,"
    "citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids"
)
CSL = f"""{_CSL}
Specially Designated Nationals (SDN) - Treasury Department,40,Individual,EXA; EXB,"TESKARIN, Orvald",Director,"1 Quay, Nowhere, KP",,,,,,,,,,,,,,,OWL; Old Owl,IR,1950-06-05,,"Nowhere",,"Passport, A1234567, EG; Gender, Male; Secondary sanctions risk:, something"
Denied Persons List (DPL) - Bureau of Industry and Security,,,, INVENTED LINES,,"1 Pier, Nowhere, TX, 99, US",,2016-10-13,2020-10-13,Y,,,,,,,,,NOTICE ADDED,,,,,,,,
Entity List (EL) - Bureau of Industry and Security,,,,Invented Works,,"1 Road, Nowhere, CN",83 FR 1,2018-08-01,,,All items,Denial,,,,,,,,,Works; IW,,,,,,
Specially Designated Nationals (SDN) - Treasury Department,50,Vessel,EXA,ZUMURRUD STAR,,,,,,,,,ABCD,Tug,,,PA,Owner Co,,,,,,,,,"IMO 9074729, Vessel Registration Identification; KP A765, Passport"
,,,,No Source,,,,,,,,,,,,,,,,,,,,,,,
"""
CSL_NEW = "_id," + "".join(
    (f"abc{at}," if at and line else "") + line + "\n" for at, line in enumerate(CSL.splitlines())
)

DPL = (
    '"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t"Expiration_Date"\t"Standard_Order"\t"Last_Update"\t"Action"\t"FR_Citation"\r\n'
    '" ORVALD TESKARIN"\t"1 Quay"\t"Nowhere"\t"TX"\t""\t"99"\t"06/19/2003"\t"06/29/2056"\t"Y"\t"2022-08-29"\t"NOTICE ADDED"\t"68 F.R. 1"\r\n'
    '"INVENTED LINES"\t"1 Pier"\t"Nowhere"\t""\t"CN"\t""\t"10/13/2016"\t"10/13/2020"\t"Y"\t"3022-08-29"\t"NOTICE ADDED"\t"81 F.R. 1"\r\n'
    '"NO END"\t""\t""\t""\t"IR"\t""\t"01/02/1999"\t""\t"N"\t"1999-01-02"\t""\t""\r\n'
)

FTM = """{"id":"NK-1","caption":"Orvald TESKARIN","schema":"Person","properties":{"name":["Орвальд Тескарин","Orvald TESKARIN"],"alias":["O. Teskarin"],"weakAlias":["Owl"],"previousName":["Old Name"],"birthDate":["1950-06-05"],"nationality":["ir"],"passportNumber":["A1234567"],"gender":["male"],"position":["Director"],"programId":["EXA"]},"referents":["ofac-40","eu-fsf-eu-27-28","gb-hmt-9053","Q1"],"datasets":["eu_fsf","us_ofac_sdn"],"last_seen":"2025-06-01T10:57:03","target":true}
{"id":"addr-1","schema":"Address","properties":{"full":["1 Quay"]},"datasets":["eu_fsf"]}
{"id":"NK-2","caption":"Display Only","schema":"Vessel","properties":{"name":["Zumurrud Star"],"imoNumber":["IMO9074729"],"mmsi":["572469210"],"callSign":["ABCD"],"flag":["pa"]},"datasets":["eu_fsf"],"last_seen":"2025-06-01T10:57:03"}
{"id":"NK-3","schema":"Company","properties":"none"}
not json
{"id":"NK-4","caption":"X","schema":"LegalEntity","properties":{"firstName":["Ana"],"lastName":["Invented"]},"datasets":["eu_fsf"]}
"""
FTM_DELTA = """{"op":"ADD","entity":{"id":"NK-5","caption":"Brand New","schema":"Company","properties":{"name":["Brand New"]},"datasets":["eu_fsf"]}}
{"op":"MOD","entity":{"id":"NK-1","caption":"Orvald TESKARIN","schema":"Person","properties":{"name":["Orvald TESKARIN"]},"datasets":["eu_fsf"]}}
{"op":"DEL","entity":{"id":"NK-2"}}
{"op":"DEL","entity":{"id":"NK-99"}}
{"op":"BOOM","entity":{"id":"NK-4"}}
"""

SENZING = """{"DATA_SOURCE":"CUSTOMERS","RECORD_ID":1001,"RECORD_TYPE":"PERSON","NAME_FIRST":"Orvald","NAME_MIDDLE":"J.","NAME_LAST":"Teskarin","SSN_NUMBER":"123-45-6789","DATE_OF_BIRTH":"6/5/1950","GENDER":"M","ADDR_LINE1":"1 Quay","ADDR_CITY":"Nowhere","ADDR_COUNTRY":"FR","PASSPORT_NUMBER":"A1234567","PASSPORT_COUNTRY":"IR"}
{"DATA_SOURCE":"CUSTOMERS","RECORD_ID":"1002","FEATURES":[{"RECORD_TYPE":"ORGANIZATION"},{"NAME_TYPE":"PRIMARY","NAME_ORG":"Invented Works"},{"NAME_TYPE":"DBA","NAME_ORG":"IW"},{"TAX_ID_NUMBER":"77-1","TAX_ID_COUNTRY":"US"},{"REGISTRATION_DATE":"2015-09-04"}]}
{"DATA_SOURCE":"OTHER","RECORD_ID":"1003","PRIMARY_NAME_FULL":"Full Name","NAMES":[{"NAME_TYPE":"NICKNAME","NAME_FULL":"Owl"}]}
{"DATA_SOURCE":"OTHER"}
"""
