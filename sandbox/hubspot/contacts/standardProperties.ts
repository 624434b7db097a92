/**
 * Contact properties of a HubSpot account, one a line: name | label | type | fieldType | group | flags | options.
 * Flags: `r` value is read-only, `c` calculated, `h` hidden, `f` usable in forms, `x` options live elsewhere, `u` unique,
 * `-` made by the account's owner (not HubSpot's). Options are `value=label` or just `value`, separated by `;`.
 */
export const STANDARD_PROPERTIES = `
email|Email|string|text|contactinformation|fu
firstname|First Name|string|text|contactinformation|f
lastname|Last Name|string|text|contactinformation|f
salutation|Salutation|string|text|contactinformation|f
phone|Phone Number|string|phonenumber|contactinformation|f
mobilephone|Mobile Phone Number|string|phonenumber|contactinformation|f
fax|Fax Number|string|text|contactinformation|f
company|Company Name|string|text|contactinformation|f
jobtitle|Job Title|string|text|contactinformation|f
website|Website URL|string|text|contactinformation|f
address|Street Address|string|text|contactinformation|f
city|City|string|text|contactinformation|f
state|State/Region|string|text|contactinformation|f
zip|Postal Code|string|text|contactinformation|f
country|Country/Region|string|text|contactinformation|f
hs_country_region_code|Country/Region Code|string|text|contactinformation|
hs_language|Preferred language|enumeration|select|contactinformation|f|fr=French;de=German;it=Italian;pl=Polish;es=Spanish;pt=Portuguese;pt-br=Portuguese (Brazil);nl=Dutch;en=English;en-us=English (US);sv=Swedish;da=Danish;nb=Norwegian;fi=Finnish;cs=Czech;hu=Hungarian;ro=Romanian;tr=Turkish;el=Greek;uk=Ukrainian;ja=Japanese;ko=Korean;zh=Chinese;vi=Vietnamese;th=Thai;ar=Arabic;he=Hebrew
hs_timezone|Time Zone|enumeration|select|contactinformation|f|europe_slash_paris=Europe/Paris;europe_slash_berlin=Europe/Berlin;asia_slash_tokyo=Asia/Tokyo;america_slash_new_york=America/New_York
industry|Industry|string|text|contactinformation|f
annualrevenue|Annual Revenue|string|text|contactinformation|f
numemployees|Number of Employees|enumeration|select|contactinformation|f|1-5;5-25;25-50;50-100;100-500;500-1000;1000+
date_of_birth|Date of birth|string|text|demographicinformation|f
gender|Gender|string|text|demographicinformation|f
marital_status|Marital Status|string|text|demographicinformation|f
military_status|Military status|string|text|demographicinformation|f
degree|Degree|string|text|demographicinformation|f
field_of_study|Field of study|string|text|demographicinformation|f
school|School|string|text|demographicinformation|f
graduation_date|Graduation date|string|text|demographicinformation|f
start_date|Start date|string|text|demographicinformation|f
seniority|Seniority|string|text|demographicinformation|f
job_function|Job function|string|text|demographicinformation|f
relationship_status|Relationship Status|string|text|demographicinformation|f
work_email|Work email|string|text|demographicinformation|f
company_size|Company size|string|text|demographicinformation|f
message|Message|string|textarea|contactinformation|f
lifecyclestage|Lifecycle Stage|enumeration|radio|contactinformation|f|subscriber=Subscriber;lead=Lead;marketingqualifiedlead=Marketing Qualified Lead;salesqualifiedlead=Sales Qualified Lead;opportunity=Opportunity;customer=Customer;evangelist=Evangelist;other=Other
hs_lead_status|Lead Status|enumeration|radio|sales_properties|f|NEW=New;OPEN=Open;IN_PROGRESS=In Progress;OPEN_DEAL=Open Deal;UNQUALIFIED=Unqualified;ATTEMPTED_TO_CONTACT=Attempted to Contact;CONNECTED=Connected;BAD_TIMING=Bad Timing
hs_persona|Persona|enumeration|select|contactinformation|f|persona_1=Buyer;persona_2=User;persona_3=Press
hubspot_owner_id|Contact owner|enumeration|select|sales_properties|x
hubspot_owner_assigneddate|Owner Assigned Date|datetime|date|sales_properties|r
hubspot_team_id|HubSpot Team|enumeration|select|sales_properties|rx
hs_buying_role|Buying Role|enumeration|checkbox|contactinformation|f|BLOCKER=Blocker;BUDGET_HOLDER=Budget Holder;CHAMPION=Champion;DECISION_MAKER=Decision Maker;END_USER=End User;INFLUENCER=Influencer
hs_legal_basis|Legal basis for processing contact's data|enumeration|checkbox|contactinformation|f|Legitimate interest – prospect/lead;Legitimate interest – existing customer;Freely given consent from contact;Not applicable
hs_additional_emails|Additional email addresses|enumeration|checkbox|contactinformation|rx
hs_object_id|Record ID|number|number|contactinformation|ru
createdate|Create Date|datetime|date|contactinformation|r
lastmodifieddate|Last Modified Date|datetime|date|contactinformation|r
closedate|Became a Customer Date|datetime|date|contactinformation|
hs_lifecyclestage_subscriber_date|Became a Subscriber Date|datetime|date|contactinformation|r
hs_lifecyclestage_lead_date|Became a Lead Date|datetime|date|contactinformation|r
hs_lifecyclestage_customer_date|Became a Customer Date (automatic)|datetime|date|contactinformation|r
hs_email_domain|Email Domain|string|text|emailinformation|r
hs_email_optout|Unsubscribed from all email|bool|booleancheckbox|emailinformation|r|true=True;false=False
hs_email_optout_10941702|Opted out of email: Newsletter|enumeration|booleancheckbox|emailinformation|r|true=Yes;false=No
hs_email_optout_10941703|Opted out of email: Offers|enumeration|booleancheckbox|emailinformation|r|true=Yes;false=No
hs_email_optout_10941704|Opted out of email: One to One|enumeration|booleancheckbox|emailinformation|r|true=Yes;false=No
hs_email_optout_10941705|Opted out of email: Catalogue 2022|enumeration|booleancheckbox|emailinformation|r|true=Yes;false=No
hs_email_bounce|Marketing emails bounced|number|number|emailinformation|r
hs_email_delivered|Marketing emails delivered|number|number|emailinformation|r
hs_email_open|Marketing emails opened|number|number|emailinformation|r
hs_email_click|Marketing emails clicked|number|number|emailinformation|r
hs_email_first_send_date|First marketing email send date|datetime|date|emailinformation|r
hs_email_last_send_date|Last marketing email send date|datetime|date|emailinformation|r
hs_email_last_open_date|Last marketing email open date|datetime|date|emailinformation|r
hs_email_last_click_date|Last marketing email click date|datetime|date|emailinformation|r
hs_email_last_email_name|Last marketing email name|string|text|emailinformation|r
hs_email_hard_bounce_reason_enum|Email hard bounce reason|enumeration|select|emailinformation|r|OTHER=Other;UNKNOWN_USER=Unknown user;SPAM=Spam
hs_email_quarantined|Email address quarantined|bool|booleancheckbox|emailinformation|r|true=True;false=False
hs_email_quarantined_reason|Email address quarantine reason|enumeration|select|emailinformation|r|SUSPENSION_REMEDIATION=Suspension;FORM_ABUSE=Form abuse
hs_emailconfirmationstatus|Marketing email confirmation status|enumeration|select|emailinformation|r|Confirmed;Unconfirmed;Opted-out
hs_email_sends_since_last_engagement|Sends Since Last Engagement|number|number|emailinformation|rc
hs_marketable_status|Marketing contact status|enumeration|select|contactinformation|r|true=Marketing contact;false=Non-marketing contact
hs_marketable_reason_type|Marketing contact status source type|string|text|contactinformation|r
hs_analytics_source|Original Traffic Source|enumeration|select|analyticsinformation|r|ORGANIC_SEARCH=Organic search;PAID_SEARCH=Paid search;EMAIL_MARKETING=Email marketing;SOCIAL_MEDIA=Organic social;REFERRALS=Referrals;DIRECT_TRAFFIC=Direct traffic;OFFLINE=Offline sources
hs_analytics_source_data_1|Original Traffic Source Drill-Down 1|string|text|analyticsinformation|r
hs_analytics_source_data_2|Original Traffic Source Drill-Down 2|string|text|analyticsinformation|r
hs_analytics_first_timestamp|Time First Seen|datetime|date|analyticsinformation|r
hs_analytics_last_timestamp|Time Last Seen|datetime|date|analyticsinformation|r
hs_analytics_first_visit_timestamp|Time of First Session|datetime|date|analyticsinformation|r
hs_analytics_last_visit_timestamp|Time of Last Session|datetime|date|analyticsinformation|r
hs_analytics_num_page_views|Number of Pageviews|number|number|analyticsinformation|r
hs_analytics_num_visits|Number of Sessions|number|number|analyticsinformation|r
hs_analytics_num_event_completions|Number of event completions|number|number|analyticsinformation|r
hs_analytics_average_page_views|Average Pageviews|number|number|analyticsinformation|r
hs_analytics_first_url|First Page Seen|string|text|analyticsinformation|r
hs_analytics_last_url|Last Page Seen|string|text|analyticsinformation|r
hs_analytics_first_referrer|First Referring Site|string|text|analyticsinformation|r
hs_analytics_last_referrer|Last Referring Site|string|text|analyticsinformation|r
hs_analytics_revenue|Event Revenue|number|number|analyticsinformation|r
hs_latest_source|Latest Traffic Source|enumeration|select|analyticsinformation|r|ORGANIC_SEARCH=Organic search;EMAIL_MARKETING=Email marketing;DIRECT_TRAFFIC=Direct traffic;OFFLINE=Offline sources
hs_latest_source_timestamp|Latest Traffic Source Date|datetime|date|analyticsinformation|r
first_conversion_date|First Conversion Date|datetime|date|conversioninformation|r
first_conversion_event_name|First Conversion|string|text|conversioninformation|r
recent_conversion_date|Recent Conversion Date|datetime|date|conversioninformation|r
recent_conversion_event_name|Recent Conversion|string|text|conversioninformation|r
num_conversion_events|Number of Form Submissions|number|number|conversioninformation|r
num_unique_conversion_events|Number of Unique Forms Submitted|number|number|conversioninformation|r
hubspotscore|HubSpot Score|number|number|contactinformation|r
hs_predictivecontactscore_v2|Likelihood to close|number|number|contactinformation|r
hs_predictivescoringtier|Contact priority|enumeration|radio|contactinformation|r|tier_1=Very high;tier_2=High;tier_3=Medium;tier_4=Low
hs_time_in_lead|Time in Lead|number|number|contactinformation|rch
hs_calculated_form_submissions|All form submissions for a contact|enumeration|checkbox|conversioninformation|rcx
hs_calculated_merged_vids|Merged vids with timestamps of a contact|enumeration|checkbox|contactinformation|rcx
hs_merged_object_ids|Merged record IDs|enumeration|checkbox|contactinformation|rx
hs_calculated_phone_number|Calculated Phone Number in International Format|string|text|contactinformation|rch
hs_calculated_phone_number_country_code|Calculated Phone Number Country Code|string|text|contactinformation|rch
hs_searchable_calculated_phone_number|Calculated Phone Number with Prefix|string|text|contactinformation|rch
hs_full_name_or_email|Full name or email|string|text|contactinformation|rch
hs_is_contact|Is a contact|bool|booleancheckbox|contactinformation|rh|true=True;false=False
hs_is_unworked|Contact unworked|bool|booleancheckbox|contactinformation|rch|true=True;false=False
hs_created_by_user_id|Created by user ID|number|number|contactinformation|r
hs_updated_by_user_id|Updated by user ID|number|number|contactinformation|r
hs_object_source|Record creation source|string|text|contactinformation|rh
hs_object_source_label|Record source|enumeration|select|contactinformation|r|IMPORT=Import;CRM_UI=CRM UI;INTEGRATION=Integration;FORM=Form
hs_all_owner_ids|All owner ids|enumeration|checkbox|sales_properties|rhx
hs_sequences_is_enrolled|Currently in Sequence|bool|booleancheckbox|sales_properties|r|true=True;false=False
hs_sales_email_last_opened|Recent Sales Email Opened Date|datetime|date|sales_properties|r
hs_sales_email_last_replied|Recent Sales Email Replied Date|datetime|date|sales_properties|r
notes_last_contacted|Last Contacted|datetime|date|sales_properties|r
notes_last_updated|Last Activity Date|datetime|date|sales_properties|r
notes_next_activity_date|Next Activity Date|datetime|date|sales_properties|r
num_notes|Number of Sales Activities|number|number|sales_properties|r
num_associated_deals|Number of Associated Deals|number|number|dealinformation|r
total_revenue|Total Revenue|number|number|dealinformation|r
associatedcompanyid|Primary Associated Company ID|number|number|contactinformation|r
twitterhandle|Twitter Username|string|text|socialmediainformation|f
linkedinbio|LinkedIn Bio|string|text|socialmediainformation|
hs_linkedin_url|LinkedIn URL|string|text|socialmediainformation|f
followercount|Follower Count|number|number|socialmediainformation|
photo|Photo|string|text|socialmediainformation|h
birthday|Birthday|date|date|shop|f-
loyalty_points|Loyalty points|number|number|shop|f-
lifetime_value|Lifetime value (€)|number|number|shop|f-
vip|VIP|bool|booleancheckbox|shop|f-|true=Yes;false=No
customer_tier|Customer tier|enumeration|radio|shop|f-|bronze=Bronze;silver=Silver;gold=Gold
preferred_channel|Preferred channel|enumeration|select|shop|f-|email=E-mail;sms=SMS;post=Post;none=None, please
interests|Interests|enumeration|checkbox|shop|f-|coffee=Coffee;tea=Tea;books=Books;garden=Garden & “green” things;travel=Travel
last_purchase_at|Last purchase|datetime|date|shop|f-
customer_notes|Notes|string|textarea|shop|f-
customer_number|Customer number|string|text|shop|f-u
days_since_purchase|Days since last purchase|number|calculation_equation|shop|r-
`;
