/** Types of our nodes, whatever the name of the package they were loaded from. */
export const TRIGGER_NODE = /\.(hubSpotListTrigger|salesforceContactTrigger|brevoContactTrigger)$/;
export const READ_NODE = /\.readContacts$/;
export const EXPORT_NODE = /\.readContactExport$/;
export const MAPPING_NODE = /\.mapContactFields$/;
export const QUOTA_NODE = /\.quotaGuard$/;
export const UPSERT_NODE = /\.contactListUpsert$/;
export const OUR_NODE =
	/\.(hubSpotListTrigger|salesforceContactTrigger|readContacts|mapContactFields|quotaGuard|contactListUpsert)$/;
/** n8n's Execute Sub-workflow. */
export const SUB_WORKFLOW_NODE = /\.executeWorkflow$/;
